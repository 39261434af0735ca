-- Shared by all scripts of a cache: it is put before each of them when they are loaded.
--
-- All keys of a cache carry its namespace as hash tag, so they lie in one Redis Cluster slot, and the epoch:
-- which start of which Redis server wrote them. Nothing is read under another epoch, so nothing comes back
-- with an append-only file, a snapshot or a replica. Names are keyed hashes of 22 characters; whatever is
-- lost to eviction costs a miss or a wait, nothing else.
--   <base>           HASH    g generation: random, another one each time that this hash had been lost; s
--                            number of the last change; k = 1: leases of earlier generations have ended;
--                            a:<member> the change that a process has applied; b:<member> how often it has
--                            renewed its lease
--   <base>:e:<name>  STRING  'L' token deadline: somebody loads the value, another one may when the deadline
--                            (ms) is over; 'V' count (name token)* body: the value, good while each of these
--                            tags has this token
--   <base>:t:<name>  STRING  the token of a tag
-- A token is 16 bytes that are never used twice. The loader of a value got the entry's token before, and
-- those of its tags: if they stand unbroken when the value is there, no change came in between. A change
-- deletes them.
local token_bytes, name_bytes = 16, 22

-- A process that was away for longer than this begins anew, ms.
local state_ms = 3600000

-- The generation, and the number of the last change; the first one to come makes them.
local function read_state(fresh)
  local state = redis.call('HMGET', KEYS[1], 'g', 's', 'k')
  if not state[1] then
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 'g', fresh, 's', 0)
    state = { fresh, '0', false }
  end
  redis.call('PEXPIRE', KEYS[1], state_ms)
  return state[1], tonumber(state[2]), state[3] and 1 or 0
end

local function deadline_over(deadline)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  return tonumber(deadline) <= now, now
end

-- A change: deletes what is under KEYS[2 ...] and tells all processes.
-- Returns { generation, number of the change, 1 = settled, member, its renewals, member, its renewals, ... }
local function change(fresh, channel, writer, names)
  local generation, _, settled = read_state(fresh)
  local number = redis.call('HINCRBY', KEYS[1], 's', 1)
  for i = 2, #KEYS do redis.call('DEL', KEYS[i]) end
  local answer = { generation, number, settled }
  local fields = redis.call('HGETALL', KEYS[1])
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 2) == 'b:' then
      answer[#answer + 1] = string.sub(fields[i], 3)
      answer[#answer + 1] = tonumber(fields[i + 1])
    end
  end
  local message = generation .. ' ' .. string.format('%.0f', number) .. ' ' .. writer .. ' ' .. names
  redis.call('PUBLISH', channel, message)
  return answer
end
