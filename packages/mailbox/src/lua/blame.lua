-- blame: the last words of a process that ends because of a bot's code: which update is the cause. It holds
-- nothing from then on.
--
-- KEYS[1]  base of the partition
-- ARGV     process, conversation of the inbox ('' = none of this partition), hash of the update (16 bytes)
-- Returns  how often the update has been named by now; 0 = it is not the head of what the process holds
local process, c, hash = ARGV[1], ARGV[2], ARGV[3]
local named = 0
if c ~= '' and call('HEXISTS', inbox.hold .. process, c) == 1 then
  local head = call('LINDEX', inbox.mail .. c, '0')
  if head and string.sub(head, 13, 28) == hash then
    local trouble = read_trouble(call('HGET', inbox.trouble, c))
    trouble.blamed = trouble.blamed + 1
    write_trouble(inbox, c, trouble)
    named = trouble.blamed
  end
end
-- The other conversations that it held had no part in it, see take-over.
call('SET', partition .. ':blamed:' .. process, '1', 'PX', '600000')
call('DEL', partition .. ':hb:' .. process)
return named
