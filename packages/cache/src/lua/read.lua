-- read: the value of an entry, or leave to load it.
--
-- KEYS[1]    the entry
-- KEYS[2..]  the tags that the caller will give the value
-- ARGV[1]    a fresh token; '' = only look
-- ARGV[2]    ms that a loader has before another one may load too
-- ARGV[3]    ms that tokens live
-- ARGV[4]    the key of a tag without its name
-- Returns    { 'hit', body, ms that it still lives, name of each of its tags } | { 'wait', ms until another
--            may load } | { 'none' } | { 'load', stale = a value was there whose tag has changed, token of
--            the entry, token of each tag }
local entry = redis.call('GET', KEYS[1])
local stale = 0
if entry and string.sub(entry, 1, 1) == 'V' then
  local count = string.byte(entry, 2)
  local at = 3
  local tags = {}
  for i = 1, count do
    local name = string.sub(entry, at, at + name_bytes - 1)
    tags[i] = name
    local token = string.sub(entry, at + name_bytes, at + name_bytes + token_bytes - 1)
    if redis.call('GET', ARGV[4] .. name) ~= token then stale = 1 end
    at = at + name_bytes + token_bytes
  end
  if stale == 0 then return { 'hit', string.sub(entry, at), redis.call('PTTL', KEYS[1]), unpack(tags) } end
end
if ARGV[1] == '' then return { 'none' } end

local token = ARGV[1]
local over, now = deadline_over(0)
if entry and stale == 0 then
  token = string.sub(entry, 2, token_bytes + 1)
  local deadline = tonumber(string.sub(entry, token_bytes + 2))
  over = deadline_over(deadline)
  -- A clock that was set back must not stop everybody.
  if not over and deadline - now <= tonumber(ARGV[2]) then return { 'wait', deadline - now } end
end
redis.call('SET', KEYS[1], 'L' .. token .. string.format('%.0f', now + ARGV[2]), 'PX', ARGV[3])
local answer = { 'load', stale, token }
for i = 2, #KEYS do
  local known = redis.call('GET', KEYS[i])
  if not known then
    known = ARGV[1]
    redis.call('SET', KEYS[i], known, 'PX', ARGV[3])
  elseif redis.call('PTTL', KEYS[i]) < tonumber(ARGV[3]) then
    redis.call('PEXPIRE', KEYS[i], ARGV[3])
  end
  answer[#answer + 1] = known
end
return answer
