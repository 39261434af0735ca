-- Backlog: what waits of a bot in a box, and its bounds. Part of `deliver`.
--
-- Mail of a parked conversation counts apart. It waits for an operator, not for a worker, so it must not
-- fill its bot's backlog.
local function open_backlog(box, id, max_count, max_bytes, max_parked)
  return {
    box = box, id = id, max_count = max_count, max_bytes = max_bytes, max_parked = max_parked,
    count = max_count > 0 and tonumber(call('HGET', box.count, id) or '0') or 0,
    bytes = max_bytes > 0 and tonumber(call('HGET', box.bytes, id) or '0') or 0,
    -- What this batch adds to them; of parked mail by conversation too.
    added = 0, added_bytes = 0, parked = 0, parked_mail = {},
  }
end

local function is_full(backlog, is_parked)
  if is_parked then
    local parked = tonumber(call('HGET', backlog.box.parked_count, backlog.id) or '0')
    return parked + backlog.parked >= backlog.max_parked
  end
  return (backlog.max_count > 0 and backlog.count + backlog.added >= backlog.max_count)
    or (backlog.max_bytes > 0 and backlog.bytes + backlog.added_bytes >= backlog.max_bytes)
end

local function count_mail(backlog, c, is_parked, bytes)
  if not is_parked then
    backlog.added = backlog.added + 1
    backlog.added_bytes = backlog.added_bytes + bytes
    return
  end
  backlog.parked = backlog.parked + 1
  local mail = backlog.parked_mail[c] or { count = 0, bytes = 0 }
  mail.count, mail.bytes = mail.count + 1, mail.bytes + bytes
  backlog.parked_mail[c] = mail
end

-- Writes what this batch added; answers how many updates that are.
local function write_backlog(backlog)
  local box, id = backlog.box, backlog.id
  if backlog.added > 0 then
    call('HINCRBY', box.count, id, text(backlog.added))
    call('HINCRBY', box.bytes, id, text(backlog.added_bytes))
  end
  for c, mail in pairs(backlog.parked_mail) do add_parked(box, c, mail.count, mail.bytes) end
  return backlog.added + backlog.parked
end
