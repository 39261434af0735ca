-- Pop: a head that is done leaves its mailbox; its replies come to exist in the same step. Part of `turn`.

-- Whether a bot's replies behind parked ones are beyond their bound. They wait for an operator, not for a
-- worker, so they must not stop their bot: their conversations alone are not run, see `claim`.
local function has_too_many_parked(bot)
  return tonumber(call('HGET', outbox.parked_count, bot) or '0') > outbox_count
    or tonumber(call('HGET', outbox.parked_bytes, bot) or '0') > outbox_bytes
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
    -- The hold ends, so that the next claim can park what comes after the head.
    if has_too_many_parked(operation.bot) then operation.argument1 = '-' end
    return false
  end
  add(outbox.count_change, operation.bot, n)
  add(outbox.bytes_change, operation.bot, bytes)
  if length > n then return false end
  local granted, cap
  if operation.grant then granted, cap = may_run(outbox, operation.bot) end
  if not granted then
    ready(outbox, c)
    return false
  end
  if cap then
    local held = outbox.held .. operation.bot
    call('SADD', held, c)
    if call('SCARD', held) >= tonumber(cap) then leave_rotation(outbox, operation.bot) end
  end
  local fence, position = fence_and_position(operation.hold)
  outbox.reheld[#outbox.reheld + 1] = c
  local sent = struct.unpack('>I6', ARGV[operation.first])
  outbox.reheld[#outbox.reheld + 1] = string.format('%s-%d:0:%d', fence, position, sent)
  return true
end

-- Whether what comes after a head may have been sent, see `epoch_of`. If this hold was there before the new
-- primary, its holder lives and knows what it sent.
local function may_have_been_sent(box, hold, accepted)
  local since = epoch_of(box)
  return since and accepted < since and tonumber(string.match(hold, '^%d+')) >= since * 1000
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
  -- The next claim says of it that it may have been sent.
  if may_have_been_sent(box, operation.hold, accepted) then
    end_hold(box, operation)
    ready_first(box, c)
    return RELEASED + granted
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
