-- key-ids: which keys the envelopes in a page of a list lie under. Opens nothing, changes nothing.
--
-- KEYS[1]  the list
-- ARGV     first and last place, bytes that stand before an envelope in an entry
-- Returns  length of the list, then an id and how many in turn; '' for what is no envelope (1 byte version, 1
-- byte length, the id)
local skip = tonumber(ARGV[3])
local counts = {}
for _, entry in ipairs(redis.call('LRANGE', KEYS[1], ARGV[1], ARGV[2])) do
  local version, length = string.byte(entry, skip + 1, skip + 2)
  local id = version == 1 and length and string.sub(entry, skip + 3, skip + 2 + length) or ''
  counts[id] = (counts[id] or 0) + 1
end
local answer = { redis.call('LLEN', KEYS[1]) }
for id, count in pairs(counts) do
  answer[#answer + 1] = id
  answer[#answer + 1] = count
end
return answer
