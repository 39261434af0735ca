-- Settle: carries operations out, and what holds for whole bots after them. Part of `turn`.

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
  box.count_change, box.bytes_change = {}, {}
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
