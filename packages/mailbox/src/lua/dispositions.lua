-- Dispositions: what an operation does to its conversation. Part of `turn`.

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
  local sent = struct.unpack('>I6', ARGV[operation.first])
  outbox.reheld[#outbox.reheld + 1] = string.format('%s-%d:0:%d', fence, position, sent)
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
  -- Nobody knows the bytes of one conversation: its share by number. They are exact again when the bot has
  -- nothing left.
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
