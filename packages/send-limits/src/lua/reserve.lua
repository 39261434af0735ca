-- reserve: slots for messages of a broadcast that are about to be released, charged at once to rates that all of them are under.
--
-- A message that comes with its slot needs no second try, so a broadcast costs Redis half. None is given while somebody
-- interactive waits for one of the rates, nor to a bot whose credentials are refused, but for the one that probes them.
--
-- KEYS[1]  base of the bot
-- ARGV     version of the bot, lead (ms): no slot before now + lead, horizon (ms): none after now + horizon, most, then for
--          each rate: name, interval (ms)
-- Returns  { slot (Redis's ms), ... }, in order
local version, lead, horizon, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local sick = redis.call('HMGET', base .. ':health', 'version', 'probe')
if sick[1] and version <= tonumber(sick[1]) then
  if now < tonumber(sick[2]) then return {} end
  most = 1
end

local limits = {}
for i = 5, #ARGV, 2 do
  local limit = { name = ARGV[i], interval = tonumber(ARGV[i + 1]) }
  -- Tickets of bulk are beyond this.
  if redis.call('ZCOUNT', base .. ':q:' .. limit.name, '-inf', string.format('%.3f', now + 1e12)) > 0 then return {} end
  local state = redis.call('HMGET', base .. ':l:' .. limit.name, 't', 'p', 'b')
  limit.tat, limit.paused, limit.begun = tonumber(state[1] or 0), tonumber(state[2] or 0), tonumber(state[3] or 0)
  limits[#limits + 1] = limit
end

local slots = {}
while #slots < most do
  local slot = now + lead
  for _, limit in ipairs(limits) do slot = math.max(slot, limit.tat, limit.paused) end
  if slot > now + horizon then break end
  for _, limit in ipairs(limits) do limit.tat = charged(limit, slot, true) end
  slots[#slots + 1] = string.format('%.3f', slot)
end
if #slots > 0 then
  for _, limit in ipairs(limits) do write_rate(limit, limit.tat) end
end
return slots
