-- errors: charges answers to an error budget, and tells when there is some left again.
--
-- A sliding window in 60 steps: the oldest step counts whole until it is over, so that never more than `most`
-- are allowed.
--
-- KEYS[1]  the budget, HASH number of the step -> errors in it
-- ARGV     most, period (ms), errors to charge (0 = only ask)
-- Returns  ms until there is some left; 0 = there is
local key, most, period, n = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local step = period / 60
local current = math.floor(now / step)
if n > 0 then
  redis.call('HINCRBY', key, current, n)
  redis.call('PEXPIRE', key, math.ceil(period + step))
end
local steps = {}
local sum = 0
local found = redis.call('HGETALL', key)
for i = 1, #found, 2 do
  local number = tonumber(found[i])
  if number < current - 60 then
    redis.call('HDEL', key, found[i])
  else
    sum = sum + tonumber(found[i + 1])
    steps[#steps + 1] = { number, tonumber(found[i + 1]) }
  end
end
if sum < most then return 0 end
table.sort(steps, function(a, b) return a[1] < b[1] end)
for _, one in ipairs(steps) do
  sum = sum - one[2]
  if sum < most then return math.ceil((one[1] + 61) * step - now) end
end
return math.ceil(period)
