-- put: one change of one entry to a new value.
--
-- KEYS[1], [2]  the state, the entry
-- KEYS[3..]     its tags: they do not change
-- ARGV[1..4]    as for invalidate
-- ARGV[5]       the body
-- ARGV[6]       ms that the value lives
-- ARGV[7]       a fresh token
-- ARGV[8..]     the name of each tag
-- Returns       as invalidate does
local parts = { 'V', string.char(#KEYS - 2) }
for i = 3, #KEYS do
  local token = redis.call('GET', KEYS[i])
  if not token then
    token = ARGV[7]
    redis.call('SET', KEYS[i], token, 'PX', ARGV[6])
  elseif redis.call('PTTL', KEYS[i]) < tonumber(ARGV[6]) then
    redis.call('PEXPIRE', KEYS[i], ARGV[6])
  end
  parts[#parts + 1] = ARGV[i + 5]
  parts[#parts + 1] = token
end
parts[#parts + 1] = ARGV[5]
while #KEYS > 2 do table.remove(KEYS) end
local answer = change(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
redis.call('SET', KEYS[2], table.concat(parts), 'PX', ARGV[6])
return answer
