-- holds: what Redis says that a process holds.
--
-- KEYS[1]  base of the partition
-- ARGV     process
-- Returns  { name, hold, … of the inbox }, { the same of the outbox }
local process = ARGV[1]
return { call('HGETALL', inbox.hold .. process), call('HGETALL', outbox.hold .. process) }
