-- health: the platform refused a bot's credentials, or took them again.
--
-- KEYS[1]  base of the bot
-- ARGV     version of the bot, ':<tenant>' or '', 'refused', reason, ms until the next probe | version,
--          tenant, 'accepted'
-- Returns  { 1 = the state changed, ms until this asker may come back }; what is said of older credentials
--          changes nothing
local key = base .. ':health' .. ARGV[2]
local version = tonumber(ARGV[1])
local known = tonumber(redis.call('HGET', key, 'version') or -1)
if known > version then return { 0, 0 } end
if ARGV[3] == 'accepted' then return { redis.call('DEL', key), 0 } end
local changed = known < version
if changed then redis.call('HSET', key, 'version', version, 'since', string.format('%.0f', now), 'n', 0) end
redis.call('HSET', key, 'reason', ARGV[4], 'probe', string.format('%.0f', now + tonumber(ARGV[5])))
redis.call('PEXPIRE', key, 7 * 86400000)
local n = redis.call('HINCRBY', key, 'n', 1)
return { changed and 1 or 0, tonumber(ARGV[5]) + n * 10 % 60000 }
