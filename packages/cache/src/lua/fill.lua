-- fill: stores what was loaded, if nothing has changed since the load began.
--
-- KEYS[1]    the entry
-- KEYS[2..]  its tags
-- ARGV[1]    the token of the entry; '' = the load failed, nothing is stored and others need not wait
-- ARGV[2]    the token of the entry, if ARGV[1] is ''; otherwise the body
-- ARGV[3]    ms that the value lives
-- ARGV[4..]  name and token of each tag
-- Returns    'stored' | 'there' (another one was faster) | 'stale' (something changed: what was loaded may be
--            old)
local entry = redis.call('GET', KEYS[1])
local kind = entry and string.sub(entry, 1, 1)
local token = ARGV[1] ~= '' and ARGV[1] or ARGV[2]
local ours = kind == 'L' and string.sub(entry, 2, token_bytes + 1) == token
if ARGV[1] == '' then
  if ours then redis.call('DEL', KEYS[1]) end
  return 'stale'
end
if kind == 'V' then return 'there' end
if not ours then return 'stale' end
for i = 2, #KEYS do
  if redis.call('GET', KEYS[i]) ~= ARGV[2 * i + 1] then
    redis.call('DEL', KEYS[1])
    return 'stale'
  end
end
local parts = { 'V', string.char(#KEYS - 1) }
for i = 2, #KEYS do
  parts[#parts + 1] = ARGV[2 * i]
  parts[#parts + 1] = ARGV[2 * i + 1]
  -- A tag outlives the values that bear it.
  if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
end
parts[#parts + 1] = ARGV[2]
redis.call('SET', KEYS[1], table.concat(parts), 'PX', ARGV[3])
return 'stored'
