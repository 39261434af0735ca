-- Dispositions: what an operation does to its conversation. Part of `turn`.

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
