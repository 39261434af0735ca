-- Settle: what becomes of the heads of conversations that a process holds, in one step with their replies. Part of `turn`.
--
-- An operation is a line of eleven words:
--   box         i | o
--   conversation
--   hold        'fence:position:accept time', of which fence and position must be Redis's
--   verb        see `verbs`
--   argument1, argument2   '-' = none
--   wanted      most further entries to answer
--   bytes       size of the head
--   troubled    1 = something is in `trouble`
--   replies     how many of the blobs are this operation's replies
--   grant       1 = a place to send is reserved: hold the outbox, if it is free, for the process
-- The answer of an operation is a code, for `held` a list of the code and the next entries.
local EMPTY, RELEASED, PARKED, DELAYED, REFUSED, HELD = 0, 1, 2, 3, 4, 5
local GRANTED = 16
local OPERATION = '(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)\n'

local process = ARGV[1]
local byte_budget = tonumber(ARGV[4])
local outbox_count, outbox_bytes = tonumber(ARGV[5]), tonumber(ARGV[6])

local function read_operations(lines, next_blob)
  local operations = {}
  for b, c, hold, verb, argument1, argument2, wanted, bytes, troubled, replies, grant in string.gmatch(lines, OPERATION) do
    local blobs = tonumber(replies)
    operations[#operations + 1] = {
      box = b == 'i' and inbox or outbox, c = c, bot = bot_of(c), hold = hold, verb = verb,
      argument1 = argument1, argument2 = argument2, wanted = tonumber(wanted), bytes = tonumber(bytes),
      troubled = troubled == '1', first = next_blob, replies = blobs, grant = grant == '1',
    }
    next_blob = next_blob + blobs
  end
  return operations
end

-- Reads what the operations of a box need to know of all of them.
local function begin_settle(box, operations)
  box.holds, box.unheld, box.reheld, box.emptied = {}, {}, {}, {}
  box.count_change, box.bytes_change, box.capped, box.ended = {}, {}, {}, 0
  if #operations == 0 then return end
  local names, caps, bots = {}, {}, {}
  for i, operation in ipairs(operations) do
    names[i] = operation.c
    if box.capped[operation.bot] == nil then
      box.capped[operation.bot] = false
      bots[#bots + 1] = operation.bot
      caps[#caps + 1] = 'cap ' .. operation.bot
    end
  end
  for i, hold in ipairs(call('HMGET', box.hold .. process, unpack(names))) do box.holds[names[i]] = hold end
  for i, cap in ipairs(call('HMGET', box.blocks, unpack(caps))) do box.capped[bots[i]] = cap and true or false end
end

local function add(sums, bot, n)
  sums[bot] = (sums[bot] or 0) + n
end

local function end_hold(box, operation)
  box.holds[operation.c] = false
  box.unheld[#box.unheld + 1] = operation.c
  box.ended = box.ended + 1
  if box.capped[operation.bot] then
    call('SREM', box.held .. operation.bot, operation.c)
    box.touched[operation.bot] = true
  end
end

local function fence_and_position(hold)
  local fence, position = string.match(hold, '^([^:]+):(%d+):')
  return fence, tonumber(position)
end

-- Appends the replies; true if the process holds the outbox for them now.
local function append_replies(operation)
  local c, n, bytes, entries = operation.c, operation.replies, 0, {}
  for i = 1, n do
    local blob = ARGV[operation.first + i - 1]
    entries[i] = stamped(blob, 0)
    bytes = bytes + #blob
  end
  local length
  for i = 1, n, VALUES_AT_ONCE do
    length = call('RPUSH', outbox.mail .. c, unpack(entries, i, math.min(n, i + VALUES_AT_ONCE - 1)))
  end
  if length > n and call('ZSCORE', outbox.parked, c) then
    add_parked(outbox, c, n, bytes)
    return false
  end
  add(outbox.count_change, operation.bot, n)
  add(outbox.bytes_change, operation.bot, bytes)
  if length > n then return false end
  local granted, has_cap
  if operation.grant then granted, has_cap = may_run(outbox, operation.bot) end
  if not granted then
    ready(outbox, c)
    return false
  end
  if has_cap then call('SADD', outbox.held .. operation.bot, c) end
  local fence, position = fence_and_position(operation.hold)
  outbox.reheld[#outbox.reheld + 1] = c
  outbox.reheld[#outbox.reheld + 1] = string.format('%s-%d:0:%d', fence, position, (struct.unpack('>I6', ARGV[operation.first])))
  return true
end

-- The head goes; what comes after it decides whether the hold goes on.
local function pop(operation, granted)
  local box, c = operation.box, operation.c
  local mailbox = box.mail .. c
  local left = call('LLEN', mailbox) - 1
  if left >= 0 then
    add(box.count_change, operation.bot, -1)
    add(box.bytes_change, operation.bot, -operation.bytes)
  end
  if operation.troubled then call('HDEL', box.trouble, c) end
  if left <= 0 then
    box.emptied[#box.emptied + 1] = mailbox
    end_hold(box, operation)
    return EMPTY + granted
  end
  call('LTRIM', mailbox, '1', '-1')
  -- Even to look at the head costs what it weighs: without budget it is for the next claim.
  if byte_budget <= 0 then
    end_hold(box, operation)
    ready_first(box, c)
    return RELEASED + granted
  end
  local head = call('LINDEX', mailbox, '0')
  byte_budget = byte_budget - #head
  local accepted, due = times_of(head)
  if due > now then
    end_hold(box, operation)
    delay(box, c, due)
    return DELAYED + granted
  end
  if operation.argument1 ~= '1' then
    end_hold(box, operation)
    ready(box, c)
    return RELEASED + granted
  end
  local fence, position = fence_and_position(operation.hold)
  local hold = string.format('%s:%d:%d', fence, position + 1, accepted)
  box.holds[c] = hold
  box.reheld[#box.reheld + 1] = c
  box.reheld[#box.reheld + 1] = hold
  local answer = { HELD + granted }
  for i = 0, operation.wanted - 1 do
    local entry = i == 0 and head or (byte_budget > 0 and call('LINDEX', mailbox, text(i)))
    if not entry then break end
    if i > 0 then byte_budget = byte_budget - #entry end
    answer[#answer + 1] = entry
  end
  return answer
end

local function park(box, c, reason)
  local bot = bot_of(c)
  local n = call('LLEN', box.mail .. c)
  local count = tonumber(call('HGET', box.count, bot) or '0') + (box.count_change[bot] or 0)
  local bytes = tonumber(call('HGET', box.bytes, bot) or '0') + (box.bytes_change[bot] or 0)
  -- Nobody knows the bytes of one conversation: its share by number. They are exact again when the bot has nothing left.
  local share = count > 0 and math.floor(bytes * n / count) or 0
  add(box.count_change, bot, -n)
  add(box.bytes_change, bot, -share)
  call('HINCRBY', box.parked_count, bot, text(n))
  call('HINCRBY', box.parked_bytes, bot, text(share))
  call('HSET', box.reasons, c, string.format('%d %s', share, reason))
  call('ZADD', box.parked, now_text, c)
end

local verbs = {}

-- Done. argument1: 1 = keep the hold if there is more.
function verbs.ack(operation)
  local granted = operation.replies > 0 and append_replies(operation) and GRANTED or 0
  return pop(operation, granted)
end

-- Given up, or a record for the control database: the blob goes to the mover. argument1 as for `ack`.
function verbs.dead(operation)
  call('RPUSH', partition .. ':dead', ARGV[operation.first])
  return pop(operation, 0)
end

-- Nobody can read the head. argument1 as for `ack`.
function verbs.quarantine(operation)
  local head = call('LINDEX', operation.box.mail .. operation.c, '0')
  if head then call('RPUSH', partition .. ':quarantine', operation.box.name .. ' ' .. operation.c .. '\n' .. head) end
  return pop(operation, 0)
end

-- argument1: ms until the next try; argument2: 1 = counts as a failed try.
function verbs.retry(operation)
  local box, c = operation.box, operation.c
  if operation.argument2 == '1' then
    local trouble = read_trouble(call('HGET', box.trouble, c))
    trouble.tries = trouble.tries + 1
    write_trouble(box, c, trouble)
  end
  end_hold(box, operation)
  delay(box, c, now + tonumber(operation.argument1))
  return DELAYED
end

-- The whole bot waits. argument1: ms.
function verbs.pause(operation)
  local box = operation.box
  end_hold(box, operation)
  ready_first(box, operation.c)
  pause(box, operation.bot, now + tonumber(operation.argument1))
  return RELEASED
end

-- argument1: reason.
function verbs.park(operation)
  end_hold(operation.box, operation)
  park(operation.box, operation.c, operation.argument1)
  return PARKED
end

-- This build cannot handle the head. argument1: ms until the next try; argument2: ms after which it parks.
function verbs.back(operation)
  local box, c = operation.box, operation.c
  local trouble = read_trouble(call('HGET', box.trouble, c))
  if trouble.unreadable == 0 then trouble.unreadable = now end
  write_trouble(box, c, trouble)
  if now - trouble.unreadable < tonumber(operation.argument2) then
    end_hold(box, operation)
    delay(box, c, now + tonumber(operation.argument1))
    return DELAYED
  end
  operation.argument1 = 'unreadable'
  return verbs.park(operation)
end

-- Nothing happened: the next who has room may go on.
function verbs.release(operation)
  end_hold(operation.box, operation)
  ready_first(operation.box, operation.c)
  return RELEASED
end

local function settle(operation)
  local box = operation.box
  if not is_same_hold(box.holds[operation.c], operation.hold) then
    box.ended = box.ended + 1
    return REFUSED
  end
  return verbs[operation.verb](operation)
end

-- Sums of a bot; without entries there are no bytes either, however they were counted.
local function change_sums(box)
  for bot, n in pairs(box.count_change) do
    if call('HINCRBY', box.count, bot, text(n)) <= 0 then
      call('HDEL', box.count, bot)
      call('HDEL', box.bytes, bot)
      box.bytes_change[bot] = nil
    end
  end
  for bot, n in pairs(box.bytes_change) do call('HINCRBY', box.bytes, bot, text(n)) end
end

-- A bot whose outbox is full starts no handlers; at four fifths of the bound it goes on.
local function keep_outbox_bounds(bots)
  for bot in pairs(bots) do
    local count = tonumber(call('HGET', outbox.count, bot) or '0')
    local bytes = tonumber(call('HGET', outbox.bytes, bot) or '0')
    if count > outbox_count or bytes > outbox_bytes then
      call('HSET', inbox.blocks, 'full ' .. bot, '1')
      leave_rotation(inbox, bot)
    elseif count <= outbox_count * 0.8 and bytes <= outbox_bytes * 0.8
      and call('HDEL', inbox.blocks, 'full ' .. bot) == 1 then
      inbox.touched[bot] = true
    end
  end
end

local function flush_settle(box)
  if #box.unheld > 0 then call('HDEL', box.hold .. process, unpack(box.unheld)) end
  if #box.emptied > 0 then call('DEL', unpack(box.emptied)) end
  box.unheld, box.emptied = {}, {}
end
