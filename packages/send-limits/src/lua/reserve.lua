-- reserve: slots for messages of a broadcast that are about to be released, charged at once to rates that all
-- of them are under.
--
-- A message that comes with its slot needs no second try, so a broadcast costs Redis half. None is given
-- while somebody interactive waits for one of the rates, nor to a bot whose credentials are refused, but for
-- the one that probes them.
--
-- Replies that wait for nothing leave on top of what is reserved, until the next message of the broadcast
-- gives its slot up for each (take.lua). Several may come until then, so the broadcast is slower by as many
-- as are likely: replies come like raindrops (Poisson), and five standard deviations above the mean leave a
-- 429 to bad luck. Who only broadcasts loses nothing.
--
-- KEYS[1]  base of the bot
-- ARGV     version of the bot, lead (ms): no slot before now + lead, horizon (ms): none after now + horizon,
--          most, notice (ms): how long before its slot a message asks, most late (ms) that one leaves, then
--          for each rate: name, interval (ms), period (ms)
-- Returns  { slot (Redis's ms), ... }, in order
local version, lead = tonumber(ARGV[1]), tonumber(ARGV[2])
local horizon, most = tonumber(ARGV[3]), tonumber(ARGV[4])
local notice, most_late = tonumber(ARGV[5]), tonumber(ARGV[6])

-- The platform's number is a 24th above the rate, of which late messages use a part.
local function interval_beside(replies, interval, period)
  if replies < 1e-5 then return interval end
  local count = period / interval
  local spare = math.max(count / 24 - most_late / interval, 0)
  local likely = replies * (notice + interval)
  local on_top = 1 + likely + 5 * math.sqrt(likely)
  return period / math.max(count - math.max(on_top - spare, 0), count / 4)
end

local sick = redis.call('HMGET', base .. ':health', 'version', 'probe')
if sick[1] and version <= tonumber(sick[1]) then
  if now < tonumber(sick[2]) then return {} end
  most = 1
end

local limits = {}
for i = 7, #ARGV, 3 do
  local limit = { name = ARGV[i] }
  -- Tickets of bulk are beyond this.
  local waiting = redis.call('ZCOUNT', base .. ':q:' .. limit.name, '-inf', string.format('%.3f', now + 1e12))
  if waiting > 0 then return {} end
  read_rate(limit)
  limit.interval = interval_beside(limit.replies, tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]))
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
  note_bulk()
  for _, limit in ipairs(limits) do
    write_rate(limit, limit.tat)
    local key = base .. ':l:' .. limit.name
    redis.call('HSET', key, 's', slots[#slots])
    if limit.reserved < now then redis.call('HDEL', key, 'd') end
  end
end
return slots
