-- expel: forgets members whose lease has ended: they have not renewed it since a change that is older than a
-- lease.
--
-- KEYS[1]  the state
-- ARGV[1]  the generation
-- ARGV     member, its renewals when that change was made; again and again
-- Returns  how many were forgotten
if redis.call('HGET', KEYS[1], 'g') ~= ARGV[1] then return 0 end
local forgotten = 0
for i = 2, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], 'b:' .. ARGV[i]) == ARGV[i + 1] then
    redis.call('HDEL', KEYS[1], 'a:' .. ARGV[i], 'b:' .. ARGV[i])
    forgotten = forgotten + 1
  end
end
return forgotten
