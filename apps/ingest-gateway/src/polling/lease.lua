-- lease: takes, keeps or gives up the right to ask a platform for a bot's updates.
--
-- KEYS[1]  the bot's lease
-- ARGV     process, how long it holds (ms; 0 gives it up)
-- Returns  1 if the process holds it now, otherwise 0
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[1])
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
