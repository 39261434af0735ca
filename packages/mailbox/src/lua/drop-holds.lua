-- drop-holds: a process gives up holds that it does not know: the answer that gave or settled them was lost
-- with a primary.
--
-- KEYS[1]  base of the partition
-- ARGV     process, box, then per conversation: name, hold
-- Returns  how many became ready
local process, box = ARGV[1], boxes[ARGV[2]]
local dropped = 0
for i = 3, #ARGV, 2 do
  local c = ARGV[i]
  if call('HGET', box.hold .. process, c) == ARGV[i + 1] then
    call('HDEL', box.hold .. process, c)
    call('SREM', box.held .. bot_of(c), c)
    if call('EXISTS', box.mail .. c) == 1 then
      -- Its head may have been handled or sent before the primary was lost.
      local trouble = read_trouble(call('HGET', box.trouble, c))
      trouble.interrupted, trouble.alone = 1, 0
      write_trouble(box, c, trouble)
      ready_first(box, c)
      dropped = dropped + 1
    end
  end
end
flush_ready(box)
return dropped
