-- lock: lets one process at a time do a job, also when Redis is full: what is to drain it must not need its
-- memory.
--
-- KEYS[1]  base of the partition
-- ARGV     job, process, life of the lock (ms)
-- Returns  1 = taken, 0 = somebody else has it
local key, life = KEYS[1] .. ':' .. ARGV[1], tonumber(ARGV[3])
if redis.call('SET', key, ARGV[2], 'PX', ARGV[3], 'NX') then return 1 end
-- It would live longer than any lock: the clock was set back since.
if redis.call('PTTL', key) <= life then return 0 end
redis.call('SET', key, ARGV[2], 'PX', ARGV[3])
return 1
