-- steer: what an operator or a setting says about a whole bot.
--
-- KEYS[1]  base of the partition
-- ARGV     box, bot, 'cap' | 'pause' | 'resume' | 'group', most conversations at once (0 = no cap), end of
--          the pause (Unix ms, 0 = none) or name of the group
-- Returns  the groups for which to add a token
local box, bot, word, n = boxes[ARGV[1]], ARGV[2], ARGV[3], tonumber(ARGV[4])

-- What a bot held before it had a cap counts, too.
local function count_held()
  for _, process in ipairs(call('ZRANGE', partition .. ':processes', '0', '-1')) do
    for _, c in ipairs(call('HKEYS', box.hold .. process)) do
      if bot_of(c) == bot then call('SADD', box.held .. bot, c) end
    end
  end
end

-- Each box is told by an order of its own, and the second order may never come. Workers compare the settings
-- with what the boxes say, and not with `grouped`. It tells the sweeper where to look: in the group of the
-- last order, until both boxes have left all groups.
local function note_group(group)
  local other = box == inbox and outbox or inbox
  if group == NO_GROUP then group = call('HGET', other.blocks, 'group ' .. bot) end
  if group then
    call('HSET', partition .. ':grouped', bot, group)
  else
    call('HDEL', partition .. ':grouped', bot)
  end
end

if word == 'cap' and n > 0 then
  if call('HSET', box.blocks, 'cap ' .. bot, text(n)) == 1 then count_held() end
  if not may_run(box, bot) then leave_rotation(box, bot) end
elseif word == 'cap' then
  call('HDEL', box.blocks, 'cap ' .. bot)
  call('DEL', box.held .. bot)
elseif word == 'group' then
  local group = ARGV[4]
  leave_rotation(box, bot)
  if group == NO_GROUP then
    call('HDEL', box.blocks, 'group ' .. bot)
  else
    call('HSET', box.blocks, 'group ' .. bot, group)
  end
  box.group_of[bot] = group
  note_group(group)
elseif word == 'pause' then
  pause(box, bot, n)
else
  call('HDEL', box.blocks, 'paused ' .. bot)
  call('ZREM', box.resume, bot)
end
box.touched[bot] = true
flush_ready(box)
return want_tokens(box, { [group_of(box, bot)] = true })
