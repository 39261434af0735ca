-- claim: takes conversations for a worker process and returns their heads; settle returns what comes after them.
--
-- KEYS[1]  base of the box; KEYS[2] base of the shard
-- ARGV     process, most bytes in all, 1 = may claim one suspect, the conversations
--          A conversation is a line of three words: name, 1 = this process has it in memory, cap of its bot's concurrency (0 = none)
-- Returns  per conversation, in order, a list that begins with a status:
--          0 (claimed: a number, as a word costs more at both ends and this is what most get), fence, trouble, entry
--             trouble: 0, or a list of failed tries, crashes, crashes alone, 1 = its last holder died
--          'held' | 'parked' | 'empty' | 'line' (its bot runs at its cap) | 'suspect' (must be claimed alone)
--          'delayed', ms to wait
--          'later': the script's bytes are used up, wake it again
--
-- Safe to repeat: a conversation we hold but do not have in memory (the answer of an earlier call was lost) is claimed anew.
local process = ARGV[1]
local budget = tonumber(ARGV[2])
local may_claim_suspect = ARGV[3] == '1'

local SUSPECT_CRASHES = 2

-- Never repeats, a failover that lost the counter included: Redis's clock in µs moves it past what was given before.
local last_fence
local function next_fence()
  last_fence = last_fence or math.max(tonumber(call('GET', shard .. ':fence') or '0'), time[1] * 1000000 + time[2] - 1)
  last_fence = last_fence + 1
  return text(last_fence)
end

local function claim(c, in_memory, cap)
  local st = box .. ':st:' .. c
  local mailbox = box .. ':m:' .. c
  local h, crashes, alone, s, due, park, tries = unpack(call('HMGET', st, 'h', 'c', 'a', 's', 'due', 'park', 't'))
  if h == process and in_memory then return { 'held' } end
  local died = false
  if h and h ~= process then
    if alive(h) then return { 'held' } end
    died = true
  end
  if park then return { 'parked' } end
  if due and tonumber(due) > now then return { 'delayed', tonumber(due) - now } end
  if budget <= 0 then return { 'later' } end

  local head = call('LINDEX', mailbox, '0')
  if not head then
    call('DEL', st)
    call('ZREM', box .. ':dirty', c)
    call('ZREM', box .. ':delayed', c)
    return { 'empty' }
  end
  local accepted, head_due = struct.unpack('>I6I6', head)
  if head_due > now then
    delay(c, head_due)
    return { 'delayed', head_due - now }
  end

  crashes = tonumber(crashes or '0') + (died and 1 or 0)
  alone = tonumber(alone or '0') + (died and s and 1 or 0)
  if died then call('HSET', st, 'c', crashes, 'a', alone) end
  local suspect = crashes >= SUSPECT_CRASHES
  if suspect and not may_claim_suspect then
    if died then call('HDEL', st, 'h', 's') end
    call('HSET', st, 'w', now_text)
    return { 'suspect' }
  end

  if cap > 0 then
    local bot = bot_of(c)
    local held = box .. ':held:' .. bot
    if call('SISMEMBER', held, c) == 0 and call('SCARD', held) >= cap then
      if died then call('HDEL', st, 'h', 's') end
      call('ZADD', box .. ':line:' .. bot, 'NX', now, c)
      call('HSET', st, 'w', now_text)
      return { 'line' }
    end
    call('SADD', held, c)
    call('ZREM', box .. ':line:' .. bot, c)
  end

  local fence = next_fence()
  call('HSET', st, 'h', process, 'f', fence)
  if h then call('HDEL', st, 'p') end
  if due then
    call('HDEL', st, 'due')
    call('ZREM', box .. ':delayed', c)
    call('ZADD', box .. ':dirty', accepted, c)
  end
  if cap > 0 then call('HSET', st, 'k', 1) end
  if suspect then
    call('HSET', st, 's', 1)
    may_claim_suspect = false
  end

  local trouble = (died or tries or crashes > 0) and { tonumber(tries or '0'), crashes, alone, died and 1 or 0 } or 0
  budget = budget - #head
  return { 0, fence, trouble, head }
end

local answers = {}
for c, in_memory, cap in string.gmatch(ARGV[4], '(%S+) (%S+) (%S+)\n') do
  answers[#answers + 1] = claim(c, in_memory == '1', tonumber(cap))
end
if last_fence then call('SET', shard .. ':fence', text(last_fence)) end
return answers
