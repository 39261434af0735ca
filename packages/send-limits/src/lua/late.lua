-- late: messages of a broadcast reached the platform later than their slots, and so perhaps together: what
-- follows moves by as much.
--
-- A platform counts arrivals. After a moment in which nothing arrived (a worker, the network or the platform
-- stood still) all of it comes at once, and a second later it is too many. What the rate leaves tolerates a
-- little. Each moment counts once, whichever messages and workers tell of it. At most 3 % of the time is
-- given away like that, 300 ms at once: where every answer takes another time, lateness says little.
--
-- KEYS[1]  base of the bot
-- ARGV     from, to: the moment, by Redis's clock (ms), ms that are tolerated, then the names of the rates
-- Returns  nothing
local from, to, tolerated = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local function beyond(ms) return math.max(ms - tolerated, 0) end

for i = 4, #ARGV do
  local key = base .. ':l:' .. ARGV[i]
  local state = redis.call('HMGET', key, 't', 'x', 'y', 'g', 'h')
  local tat, x, y = tonumber(state[1] or 0), tonumber(state[2] or 0), tonumber(state[3] or 0)
  local given = math.max(tonumber(state[4] or 0) - (now - tonumber(state[5] or 0)) * 0.03, 0)
  -- The same moment, told by another message?
  if from > y or to < x then x, y = from, from end
  local known = beyond(y - x)
  x, y = math.min(x, from), math.max(y, to)
  local more = math.min(beyond(y - x) - known, 300 - given)
  if tat > 0 and more > 0 then
    local ms = function(value) return string.format('%.3f', value) end
    redis.call('HSET', key, 't', ms(tat + more), 'x', ms(x), 'y', ms(y), 'g', ms(given + more), 'h', ms(now))
  end
end
