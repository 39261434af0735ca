-- steer: what an operator or a setting says about a whole bot.
--
-- KEYS[1]  base of the partition
-- ARGV     box, bot, 'cap' | 'pause' | 'resume', most conversations at once (0 = no cap) or end of the pause (Unix ms, 0 = none)
-- Returns  1 = add a token
local box, bot, word, n = boxes[ARGV[1]], ARGV[2], ARGV[3], tonumber(ARGV[4])

-- What a bot held before it had a cap counts, too.
local function count_held()
  for _, process in ipairs(call('ZRANGE', partition .. ':processes', '0', '-1')) do
    for _, c in ipairs(call('HKEYS', box.hold .. process)) do
      if bot_of(c) == bot then call('SADD', box.held .. bot, c) end
    end
  end
end

if word == 'cap' and n > 0 then
  if call('HSET', box.blocks, 'cap ' .. bot, text(n)) == 1 then count_held() end
  if not may_run(box, bot) then call('ZREM', box.bots, bot) end
elseif word == 'cap' then
  call('HDEL', box.blocks, 'cap ' .. bot)
  call('DEL', box.held .. bot)
elseif word == 'pause' then
  pause(box, bot, n)
else
  call('HDEL', box.blocks, 'paused ' .. bot)
  call('ZREM', box.resume, bot)
end
box.touched[bot] = true
flush_ready(box)
return wants_token(box)
