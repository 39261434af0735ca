-- lost-holds: which of the conversations that a process has in memory it no longer holds.
--
-- KEYS[1]  base of the box; KEYS[2] base of the shard
-- ARGV     process, then per conversation: name, fence
-- Returns  the names of those that are lost
local lost = {}
for i = 2, #ARGV, 2 do
  local h, f = unpack(call('HMGET', box .. ':st:' .. ARGV[i], 'h', 'f'))
  if h ~= ARGV[1] or f ~= ARGV[i + 1] then lost[#lost + 1] = ARGV[i] end
end
return lost
