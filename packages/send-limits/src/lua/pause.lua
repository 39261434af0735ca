-- pause: lets nothing leave under these names for a while; the longest pause wins.
--
-- KEYS[1]  base of the bot
-- ARGV     name and ms, again and again
-- Returns  nothing
for i = 1, #ARGV, 2 do
  local key = base .. ':l:' .. ARGV[i]
  local state = redis.call('HMGET', key, 't', 'p')
  local paused = math.max(now + tonumber(ARGV[i + 1]), tonumber(state[2] or 0))
  redis.call('HSET', key, 'p', string.format('%.3f', paused), 'n', 0)
  redis.call('PEXPIRE', key, math.ceil(math.max(paused, tonumber(state[1] or 0)) - now) + 1000)
end
