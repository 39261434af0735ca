-- acknowledge: a process has applied all changes up to one.
--
-- KEYS[1]    the state
-- ARGV[1]    the member
-- ARGV[2]    the generation
-- ARGV[3]    the change
-- ARGV[4..]  the channels of the processes that wait for it
-- Returns    1 | 0 = it is no member any more, and must begin anew
if redis.call('HGET', KEYS[1], 'g') ~= ARGV[2] then return 0 end
if redis.call('HEXISTS', KEYS[1], 'b:' .. ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'a:' .. ARGV[1], ARGV[3])
for i = 4, #ARGV do redis.call('PUBLISH', ARGV[i], ARGV[2] .. ' ' .. ARGV[1] .. ' ' .. ARGV[3]) end
return 1
