-- lock: lets one process at a time do a job, also when Redis is full: what is to drain it must not need its
-- memory.
--
-- KEYS[1]  base of the partition
-- ARGV     job, process, life of the lock (ms)
-- Returns  1 = taken, 0 = somebody else has it
return redis.call('SET', KEYS[1] .. ':' .. ARGV[1], ARGV[2], 'PX', ARGV[3], 'NX') and 1 or 0
