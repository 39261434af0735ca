-- leave: a process serves nothing from memory any more, and nobody need wait for it.
--
-- KEYS[1]  the state
-- ARGV[1]  the member
-- Returns  1 if it was one, otherwise 0
redis.call('HDEL', KEYS[1], 'a:' .. ARGV[1])
return redis.call('HDEL', KEYS[1], 'b:' .. ARGV[1])
