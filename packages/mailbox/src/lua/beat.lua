-- beat: says that a worker process lives.
--
-- KEYS[1], KEYS[2]  base of the shard
-- ARGV     process, life of a beat (ms), how long nobody may be taken over from now on (ms, 0 = as before)
--
-- A Redis that was away lets every beat run out, though all processes lived: those who come back first must not take the others
-- over. So a process that was cut off itself asks for time for all of them, and until then the pulse, which is as old as the outage,
-- speaks for them (see `alive`).
local process, life, spare = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
if spare > 0 then call('SET', shard .. ':spared', '1', 'PX', text(spare)) end
call('SET', shard .. ':hb:' .. process, '1', 'PX', text(life))
call('SET', shard .. ':pulse', text(now + life / 2))
