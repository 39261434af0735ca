-- settle: records what became of the heads of conversations that this process holds, in one step with their replies.
--
-- KEYS[1]  base of the box; KEYS[2] base of the shard; KEYS[3] base of the box that replies go to
-- ARGV     process, most bytes to return, then per operation: conversation, fence, position, verb, argument 1, argument 2,
--          most entries wanted, number of replies, the replies' blobs
--          verb      argument 1            argument 2
--          ack       1 = keep the hold     -                 pops the head, appends the replies
--          dead      1 = keep the hold     dead letter       pops the head, appends the letter to the shard's list
--          retry     delay (ms)            1 = counts a try  releases until then
--          park      reason                -                 releases until an operator says what to do
--          back      delay (ms)            park after (ms)   releases: this build cannot handle the head
--          release   -                     -                 releases
-- Returns  per operation, in order, a list that begins with a status, then the name of another conversation to wake
--          ('' = none), then 1 if the replies are the first in their mailbox (wake it there):
--          'held', …, entry, entry, …   popped and still ours; the next entries, as many as wanted
--          'empty' | 'released' (has mail, wake it) | 'parked'
--          'delayed', …, ms             released until then, wake it then
--          'refused'                    not ours any more, or already settled and freed: nothing was changed
--
-- Safe to repeat: `position` counts what was popped since the claim. An ack of a position already popped pops nothing more.
local reply_box = KEYS[3]
local process = ARGV[1]
local budget = tonumber(ARGV[2])

local count, bytes, reply_count, reply_bytes = {}, {}, {}, {}
local function add(sums, bot, n)
  sums[bot] = (sums[bot] or 0) + n
end

local function append_replies(c, from, n)
  local first = 0
  local bot = bot_of(c)
  for i = from, from + n - 1 do
    local length = redis.call('RPUSH', reply_box .. ':m:' .. c, struct.pack('>I6I6', now, 0) .. ARGV[i])
    if length == 1 then
      redis.call('ZADD', reply_box .. ':dirty', now, c)
      first = 1
    end
    add(reply_count, bot, 1)
    add(reply_bytes, bot, #ARGV[i] + 12)
  end
  return first
end

local function pop_head(c)
  local head = redis.call('LPOP', box .. ':m:' .. c)
  if head then
    add(count, bot_of(c), -1)
    add(bytes, bot_of(c), -#head)
  end
end

-- What comes after a popped head: empty, due later, released, or the next entries.
local function go_on(c, popped, counted, had_trouble, keep, wanted, first)
  local st = box .. ':st:' .. c
  local mailbox = box .. ':m:' .. c
  local head = redis.call('LINDEX', mailbox, 0)
  if not head then
    redis.call('DEL', st)
    redis.call('ZREM', box .. ':dirty', c)
    return { 'empty', give_place(c, counted) or '', first }
  end
  redis.call('HSET', st, 'p', popped)
  if had_trouble then redis.call('HDEL', st, 't', 'c', 'a', 's', 'u') end
  local accepted, due = struct.unpack('>I6I6', head)
  if due > now then
    local next_in_line = free(c, counted)
    delay(c, due)
    return { 'delayed', next_in_line or '', first, due - now }
  end
  redis.call('ZADD', box .. ':dirty', accepted, c)
  if not keep then
    local next_in_line = free(c, counted)
    redis.call('HSET', st, 'w', now)
    return { 'released', next_in_line or '', first }
  end
  local answer = { 'held', '', first }
  for i = 0, wanted - 1 do
    local entry = (i == 0 and head) or (budget > 0 and redis.call('LINDEX', mailbox, i))
    if not entry then break end
    budget = budget - #entry
    answer[#answer + 1] = entry
  end
  return answer
end

local verbs = {}

function verbs.release(c, st, counted)
  local next_in_line = free(c, counted)
  redis.call('HSET', st, 'w', now)
  return { 'released', next_in_line or '', 0 }
end

function verbs.retry(c, st, counted, ms, counts)
  if counts == '1' then redis.call('HINCRBY', st, 't', 1) end
  local next_in_line = free(c, counted)
  delay(c, now + tonumber(ms))
  return { 'delayed', next_in_line or '', 0, tonumber(ms) }
end

function verbs.park(c, st, counted, reason)
  local next_in_line = free(c, counted)
  redis.call('HSET', st, 'park', reason)
  redis.call('HDEL', st, 'due')
  redis.call('ZREM', box .. ':dirty', c)
  redis.call('ZADD', box .. ':parked', now, c)
  return { 'parked', next_in_line or '', 0 }
end

function verbs.back(c, st, counted, ms, park_after)
  redis.call('HSETNX', st, 'u', now)
  if now - tonumber(redis.call('HGET', st, 'u')) >= tonumber(park_after) then
    return verbs.park(c, st, counted, 'unreadable')
  end
  return verbs.retry(c, st, counted, ms, '0')
end

local answers = {}
local i = 3
while i <= #ARGV do
  local c, fence, position, verb = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3]
  local argument1, argument2 = ARGV[i + 4], ARGV[i + 5]
  local wanted, replies = tonumber(ARGV[i + 6]), tonumber(ARGV[i + 7])
  local first_reply = i + 8
  i = first_reply + replies

  local st = box .. ':st:' .. c
  local h, f, p, k, t, crashes, u, s = unpack(redis.call('HMGET', st, 'h', 'f', 'p', 'k', 't', 'c', 'u', 's'))
  p = tonumber(p)
  local answer
  if h ~= process or f ~= fence then
    answer = { 'refused' }
  elseif verb == 'ack' or verb == 'dead' then
    local had_trouble = t or crashes or u or s
    if p == position then
      local first = append_replies(c, first_reply, replies)
      if verb == 'dead' then redis.call('RPUSH', shard .. ':dead', argument2) end
      pop_head(c)
      answer = go_on(c, position + 1, k, had_trouble, argument1 == '1', wanted, first)
    elseif p == position + 1 then
      answer = go_on(c, position + 1, k, had_trouble, argument1 == '1', wanted, replies > 0 and 1 or 0)
    else
      answer = { 'refused' }
    end
  elseif p == position then
    answer = verbs[verb](c, st, k, argument1, argument2)
  else
    answer = { 'refused' }
  end
  answers[#answers + 1] = answer
end

for bot, n in pairs(count) do redis.call('HINCRBY', box .. ':count', bot, n) end
for bot, n in pairs(bytes) do redis.call('HINCRBY', box .. ':bytes', bot, n) end
for bot, n in pairs(reply_count) do redis.call('HINCRBY', reply_box .. ':count', bot, n) end
for bot, n in pairs(reply_bytes) do redis.call('HINCRBY', reply_box .. ':bytes', bot, n) end
return answers
