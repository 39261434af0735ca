-- settle: records what became of the heads of conversations that this process holds, in one step with their replies.
--
-- KEYS[1]  base of the box; KEYS[2] base of the shard; KEYS[3] base of the box that replies go to
-- ARGV     process, most bytes to return, the operations, then their blobs in order: an operation's letter, its replies (entries)
--          An operation is a line of nine words: conversation, fence, position, bytes of the entry there, verb, argument 1,
--          argument 2 ('-' = none), most entries wanted, number of replies
--          verb      argument 1            argument 2
--          ack       1 = keep the hold     -                 pops the head, appends the replies
--          dead      1 = keep the hold     -                 pops the head, appends the letter to the shard's list
--          retry     delay (ms)            1 = counts a try  releases until then
--          park      reason                -                 releases until an operator says what to do
--          back      delay (ms)            park after (ms)   releases: this build cannot handle the head
--          release   -                     -                 releases
-- Returns  per operation, in order, 0 (nothing to say but 'empty': a number, as a list of words costs more at both ends and this is
--          what most get), or a list that begins with a status, then the name of another conversation to wake ('' = none), then
--          1 if the replies are the first in their mailbox (wake it there):
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
    local length = call('RPUSH', reply_box .. ':m:' .. c, stamped(ARGV[i], 0))
    if length == 1 then
      call('ZADD', reply_box .. ':dirty', now_text, c)
      first = 1
    end
    add(reply_count, bot, 1)
    add(reply_bytes, bot, #ARGV[i])
  end
  return first
end

-- Conversations without mail. They are deleted at the script's end, all at once; until then nothing of theirs may be read.
local emptied, emptied_keys, emptied_names = {}, {}, {}
local function empty(c, st, mailbox)
  emptied[c] = true
  emptied_keys[#emptied_keys + 1] = st
  emptied_keys[#emptied_keys + 1] = mailbox
  emptied_names[#emptied_names + 1] = c
end

-- Pops the head, unless an earlier run of this operation did (no `head_bytes`), and says what comes after it: empty, due later, released, or
-- the next entries.
local function pop(c, st, head_bytes, popped, counted, keep, wanted, first)
  local mailbox = box .. ':m:' .. c
  local left = call('LLEN', mailbox)
  if head_bytes and left > 0 then
    local bot = bot_of(c)
    add(count, bot, -1)
    add(bytes, bot, -head_bytes)
    left = left - 1
    if left > 0 then call('LTRIM', mailbox, '1', '-1') end
  end
  if left == 0 then
    empty(c, st, mailbox)
    local next_in_line = give_place(c, counted)
    if not next_in_line and first == 0 then return 0 end
    return { 'empty', next_in_line or '', first }
  end
  call('HSET', st, 'p', text(popped))
  -- What is known of the popped head is not true of the next one; a hold learns such things only before its first pop.
  if popped == 1 then call('HDEL', st, 't', 'c', 'a', 's', 'u') end
  local next_head = call('LINDEX', mailbox, '0')
  local accepted, due = struct.unpack('>I6I6', next_head)
  if due > now then
    local next_in_line = free(c, counted)
    delay(c, due)
    return { 'delayed', next_in_line or '', first, due - now }
  end
  call('ZADD', box .. ':dirty', text(accepted), c)
  if not keep then
    local next_in_line = free(c, counted)
    call('HSET', st, 'w', now_text)
    return { 'released', next_in_line or '', first }
  end
  local answer = { 'held', '', first }
  for i = 0, wanted - 1 do
    local entry = (i == 0 and next_head) or (budget > 0 and call('LINDEX', mailbox, text(i)))
    if not entry then break end
    budget = budget - #entry
    answer[#answer + 1] = entry
  end
  return answer
end

local verbs = {}

function verbs.release(c, st, counted)
  local next_in_line = free(c, counted)
  call('HSET', st, 'w', now_text)
  return { 'released', next_in_line or '', 0 }
end

function verbs.retry(c, st, counted, ms, counts)
  if counts == '1' then call('HINCRBY', st, 't', 1) end
  local next_in_line = free(c, counted)
  delay(c, now + tonumber(ms))
  return { 'delayed', next_in_line or '', 0, tonumber(ms) }
end

function verbs.park(c, st, counted, reason)
  local next_in_line = free(c, counted)
  call('HSET', st, 'park', reason)
  call('HDEL', st, 'due')
  call('ZREM', box .. ':dirty', c)
  call('ZADD', box .. ':parked', now_text, c)
  return { 'parked', next_in_line or '', 0 }
end

function verbs.back(c, st, counted, ms, park_after)
  call('HSETNX', st, 'u', now_text)
  if now - tonumber(call('HGET', st, 'u')) >= tonumber(park_after) then
    return verbs.park(c, st, counted, 'unreadable')
  end
  return verbs.retry(c, st, counted, ms, '0')
end

local OPERATION = '(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)\n'
local next_blob = 4
local answers = {}
for c, fence, position, head_bytes, verb, argument1, argument2, wanted, replies in string.gmatch(ARGV[3], OPERATION) do
  position, head_bytes, wanted, replies = tonumber(position), tonumber(head_bytes), tonumber(wanted), tonumber(replies)
  local letter
  if verb == 'dead' then
    letter = ARGV[next_blob]
    next_blob = next_blob + 1
  end
  local first_reply = next_blob
  next_blob = next_blob + replies

  local st = box .. ':st:' .. c
  local h, f, p, k
  if not emptied[c] then
    h, f, p, k = unpack(call('HMGET', st, 'h', 'f', 'p', 'k'))
    p = tonumber(p or '0')
  end
  local answer
  if h ~= process or f ~= fence then
    answer = { 'refused' }
  elseif verb == 'ack' or verb == 'dead' then
    if p == position then
      local first = replies > 0 and append_replies(c, first_reply, replies) or 0
      if letter then call('RPUSH', shard .. ':dead', letter) end
      answer = pop(c, st, head_bytes, position + 1, k, argument1 == '1', wanted, first)
    elseif p == position + 1 then
      answer = pop(c, st, nil, position + 1, k, argument1 == '1', wanted, replies > 0 and 1 or 0)
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

if #emptied_names > 0 then
  call('DEL', unpack(emptied_keys))
  call('ZREM', box .. ':dirty', unpack(emptied_names))
end
for bot, n in pairs(count) do call('HINCRBY', box .. ':count', bot, n) end
for bot, n in pairs(bytes) do call('HINCRBY', box .. ':bytes', bot, n) end
for bot, n in pairs(reply_count) do call('HINCRBY', reply_box .. ':count', bot, n) end
for bot, n in pairs(reply_bytes) do call('HINCRBY', reply_box .. ':bytes', bot, n) end
return answers
