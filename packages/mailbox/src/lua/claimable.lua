-- claimable: whether mail of this box waits that a worker process with free places could claim now.
--
-- KEYS[1]  base of the box; KEYS[2] base of the shard
-- ARGV     how many conversations to look at, the longest waiting first
-- Returns  1 if so, else 0
--
-- Left out is what waits for another reason: held by a living process, parked, in its bot's line, or to be claimed alone.
local SUSPECT_CRASHES = 2

local function is_claimable(c)
  local h, park, crashes = unpack(call('HMGET', box .. ':st:' .. c, 'h', 'park', 'c'))
  if park or (h and alive(h)) or tonumber(crashes or '0') >= SUSPECT_CRASHES then return false end
  local bot = bot_of(c)
  return not (call('ZSCORE', box .. ':line:' .. bot, c) and call('EXISTS', box .. ':held:' .. bot) == 1)
end

for _, set in ipairs({ 'dirty', 'delayed' }) do
  for _, c in ipairs(call('ZRANGEBYSCORE', box .. ':' .. set, '-inf', now_text, 'LIMIT', '0', ARGV[1])) do
    if is_claimable(c) then return 1 end
  end
end
return 0
