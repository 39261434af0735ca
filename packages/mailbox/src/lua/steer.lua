-- steer: what an operator or a setting says about a whole bot.
--
-- KEYS[1]  base of the partition
-- ARGV     box, bot, 'cap' | 'pause' | 'resume', most conversations at once (0 = no cap) or end of the pause (Unix ms, 0 = none)
-- Returns  1 = add a token
local box, bot, word, n = boxes[ARGV[1]], ARGV[2], ARGV[3], tonumber(ARGV[4])
if word == 'cap' and n > 0 then
  call('HSET', box.blocks, 'cap ' .. bot, text(n))
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
