-- take-over: what a dead process held becomes ready again, before everything else of its bots.
--
-- KEYS[1]  base of the partition
-- ARGV     most conversations
-- Returns  how many were taken over; ask again until there are none
local left = tonumber(ARGV[1])
local taken = 0

local function oldest_last(a, b)
  return a.accepted > b.accepted
end

-- The crash is written down before anybody can claim: it may have got anywhere with the head. It is held
-- against nobody if the process said who was the cause.
local function take(box, c, is_explained)
  call('SREM', box.held .. bot_of(c), c)
  if call('EXISTS', box.mail .. c) == 0 then return end
  local trouble = read_trouble(call('HGET', box.trouble, c))
  if not is_explained then
    trouble.crashes = trouble.crashes + 1
    trouble.crashes_alone = trouble.crashes_alone + trouble.alone
  end
  trouble.alone = 0
  trouble.interrupted = 1
  write_trouble(box, c, trouble)
  ready_first(box, c)
end

for _, process in ipairs(call('ZRANGE', partition .. ':processes', '0', '255')) do
  if left > 0 and not alive(process) then
    local is_empty = true
    local is_explained = call('EXISTS', partition .. ':blamed:' .. process) == 1
    for _, box in ipairs({ inbox, outbox }) do
      local key = box.hold .. process
      local page = left > 0 and call('HSCAN', key, '0', 'COUNT', text(left))[2] or {}
      local holds, names = {}, {}
      for i = 1, #page, 2 do
        holds[#holds + 1] = { c = page[i], accepted = tonumber(string.match(page[i + 1], '(%d+)$')) or 0 }
        names[#names + 1] = page[i]
      end
      table.sort(holds, oldest_last)
      for _, hold in ipairs(holds) do take(box, hold.c, is_explained) end
      if #names > 0 then call('HDEL', key, unpack(names)) end
      left = left - #names
      taken = taken + #names
      is_empty = is_empty and call('EXISTS', key) == 0
    end
    if is_empty then
      call('ZREM', partition .. ':processes', process)
      call('DEL', partition .. ':last:' .. process, partition .. ':blamed:' .. process)
    end
  end
end
flush_ready(inbox)
flush_ready(outbox)
return taken
