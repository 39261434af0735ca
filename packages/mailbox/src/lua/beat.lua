-- beat: says that a worker process lives.
--
-- KEYS[1]  base of the partition
-- ARGV     process, life of a beat (ms), how long nobody may be taken over from now on (ms, 0 = as before),
--          run id of this Redis,
--          1 = it was a replica once, and nobody had it confirm what was sent,
--          1 = by the process's own clock its last beat still stands,
--          for how long (ms) the process could not beat
--
-- A Redis that was away lets every beat run out, though all processes lived: those who come back first must
-- not take the others over. So a process that was cut off asks for time for all of them. A process that
-- starts asks for less. Until then the pulse, which is as old as the outage, speaks for them (see `alive`).
-- Redis gives no time if somebody beat all the while: then the process was cut off alone, and dead processes
-- would count as alive each time that it comes back. Who may hold something is written before it counts as
-- alive: nothing is held by a process that the takeover does not know.
--
-- A clock that is set ahead lets all beats run out at once, too: a process whose own is gone before its time
-- asks for the others as well.
local process, life, spare, gap = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[7])

-- Since when (ms) there was always a beat that was not old.
local since = tonumber(call('GET', partition .. ':beating') or '')
if not since or since > now or (pulse() or 0) < now then
  since = now
  call('SET', partition .. ':beating', now_text)
end
if since < now - gap then spare = 0 end
if ARGV[6] == '1' and call('EXISTS', partition .. ':hb:' .. process) == 0 then spare = math.max(spare, life) end
call('ZADD', partition .. ':processes', now_text, process)
if spare > 0 then call('SET', partition .. ':spared', '1', 'PX', text(spare)) end
call('SET', partition .. ':hb:' .. process, '1', 'PX', text(life))
call('SET', partition .. ':pulse', text(now + life / 2))

-- What another primary took with it when it was lost nobody knows: replies older than this one are uncertain.
local run_id, has_gaps = ARGV[4], ARGV[5] == '1'
if call('GET', partition .. ':primary') ~= run_id then
  call('SET', partition .. ':primary', run_id)
  if has_gaps then call('SET', partition .. ':epoch', now_text) end
end
