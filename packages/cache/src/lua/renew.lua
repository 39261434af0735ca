-- renew: a process renews its lease, or joins.
--
-- KEYS[1]  the state
-- ARGV[1]  a generation, taken if there is none
-- ARGV[2]  the member
-- ARGV[3]  the generation it has joined, or '' = it joins
-- ARGV[4]  the last change that it has applied
-- ARGV[5]  1 = it has known that generation for so long that leases of earlier ones have ended
-- Returns  { generation, number of the last change, 1 = renewed or joined, 0 = it was forgotten and must
--          join, 1 = settled }; the lease is good when the member has applied that change
local generation, number, settled = read_state(ARGV[1])
local renewals = 'b:' .. ARGV[2]
local known = generation == ARGV[3] and redis.call('HEXISTS', KEYS[1], renewals) == 1
-- It joins under another id then: one that had been forgotten must not stand for two lives.
if ARGV[3] ~= '' and not known then return { generation, number, 0, settled } end
redis.call('HSET', KEYS[1], 'a:' .. ARGV[2], known and ARGV[4] or string.format('%.0f', number))
redis.call('HINCRBY', KEYS[1], renewals, 1)
if ARGV[5] == '1' and settled == 0 then
  redis.call('HSET', KEYS[1], 'k', 1)
  settled = 1
end
return { generation, number, 1, settled }
