-- claim: takes conversations for a worker process and returns their first mail.
--
-- KEYS[1]  base of the box; KEYS[2] base of the shard
-- ARGV     process, most entries per conversation, most bytes in all, 1 = may claim one suspect,
--          then per conversation: name, 1 = this process has it in memory, cap of its bot's concurrency (0 = none)
-- Returns  per conversation, in order, a list that begins with a status:
--          'claimed', fence, failed tries, crashes, crashes alone, 1 = its last holder died, entry, entry, …
--          'held' | 'parked' | 'empty' | 'line' (its bot runs at its cap) | 'suspect' (must be claimed alone)
--          'delayed', ms to wait
--          'later': the script's bytes are used up, wake it again
--
-- Safe to repeat: a conversation we hold but do not have in memory (the answer of an earlier call was lost) is claimed anew.
local process = ARGV[1]
local most_entries = tonumber(ARGV[2])
local budget = tonumber(ARGV[3])
local may_claim_suspect = ARGV[4] == '1'

local SUSPECT_CRASHES = 2

-- Never repeats, a failover that lost the counter included: Redis's clock in µs moves it past what was given before.
local last_fence
local function next_fence()
  last_fence = last_fence or tonumber(redis.call('GET', shard .. ':fence') or '0')
  last_fence = math.max(last_fence + 1, time[1] * 1000000 + time[2])
  return string.format('%.0f', last_fence)
end

local function claim(c, in_memory, cap)
  local st = box .. ':st:' .. c
  local mailbox = box .. ':m:' .. c
  local h, crashes, alone, s, due, park, tries = unpack(redis.call('HMGET', st, 'h', 'c', 'a', 's', 'due', 'park', 't'))
  if h == process and in_memory then return { 'held' } end
  local died = false
  if h and h ~= process then
    if alive(h) then return { 'held' } end
    died = true
  end
  if park then return { 'parked' } end
  if due and tonumber(due) > now then return { 'delayed', tonumber(due) - now } end
  if budget <= 0 then return { 'later' } end

  -- Most mailboxes hold one entry: two are read at once, the rest one by one while the script's bytes last.
  local head, second = unpack(redis.call('LRANGE', mailbox, 0, 1))
  if not head then
    redis.call('DEL', st)
    redis.call('ZREM', box .. ':dirty', c)
    redis.call('ZREM', box .. ':delayed', c)
    return { 'empty' }
  end
  local accepted, head_due = struct.unpack('>I6I6', head)
  if head_due > now then
    delay(c, head_due)
    return { 'delayed', head_due - now }
  end

  crashes = tonumber(crashes or '0') + (died and 1 or 0)
  alone = tonumber(alone or '0') + (died and s and 1 or 0)
  if died then redis.call('HSET', st, 'c', crashes, 'a', alone) end
  local suspect = crashes >= SUSPECT_CRASHES
  if suspect and not may_claim_suspect then
    if died then redis.call('HDEL', st, 'h', 's') end
    redis.call('HSET', st, 'w', now)
    return { 'suspect' }
  end

  if cap > 0 then
    local bot = bot_of(c)
    local held = box .. ':held:' .. bot
    if redis.call('SISMEMBER', held, c) == 0 and redis.call('SCARD', held) >= cap then
      if died then redis.call('HDEL', st, 'h', 's') end
      redis.call('ZADD', box .. ':line:' .. bot, 'NX', now, c)
      redis.call('HSET', st, 'w', now)
      return { 'line' }
    end
    redis.call('SADD', held, c)
    redis.call('ZREM', box .. ':line:' .. bot, c)
  end

  local fence = next_fence()
  redis.call('HSET', st, 'h', process, 'f', fence, 'p', 0, 'w', now)
  if due then
    redis.call('HDEL', st, 'due')
    redis.call('ZREM', box .. ':delayed', c)
    redis.call('ZADD', box .. ':dirty', accepted, c)
  end
  if cap > 0 then redis.call('HSET', st, 'k', 1) end
  if suspect then
    redis.call('HSET', st, 's', 1)
    may_claim_suspect = false
  end

  local answer = { 'claimed', fence, tonumber(tries or '0'), crashes, alone, died and 1 or 0, head }
  budget = budget - #head
  for i = 1, most_entries - 1 do
    local entry = second and budget > 0 and (i == 1 and second or redis.call('LINDEX', mailbox, i))
    if not entry then break end
    budget = budget - #entry
    answer[#answer + 1] = entry
  end
  return answer
end

local answers = {}
for i = 5, #ARGV, 3 do
  answers[#answers + 1] = claim(ARGV[i], ARGV[i + 1] == '1', tonumber(ARGV[i + 2]))
end
if last_fence then redis.call('SET', shard .. ':fence', string.format('%.0f', last_fence)) end
return answers
