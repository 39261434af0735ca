-- Claim: takes ready conversations for a process, one bot after the other. Part of `turn`.
local SUSPECT_CRASHES = 2
local SUSPECT_DELAY_MS = 1000
local BOTS_A_ROUND = 64
local BOTS_LOOKED_AT = 256

-- Fences never repeat, a failover that lost the counter included: Redis's clock in µs moves them past what was given before.
local function take_fences(n)
  local last = math.max(tonumber(call('GET', partition .. ':fence') or '0'), now_us - 1)
  call('SET', partition .. ':fence', text(last + n))
  return last + 1
end

-- Pops up to `wanted` names of a bot, replies before broadcasts; the second answer is whether it has more.
local function pop_ready(box, bot, wanted)
  local names = call('LPOP', box.run .. bot, text(wanted)) or {}
  if #names < wanted then
    for _, c in ipairs(call('LPOP', box.bulk .. bot, text(wanted - #names)) or {}) do names[#names + 1] = c end
  end
  return names, #names == wanted and has_ready(box, bot)
end

-- Names from the rotation: a share of `general` for each bot, and one of the `kept` places for a bot that is not `busy`.
local function pick(box, general, kept, busy)
  local names, out, served = {}, {}, {}
  local function take(bot, wanted)
    local cap = tonumber(call('HGET', box.blocks, 'cap ' .. bot) or '')
    if cap then wanted = math.min(wanted, cap - call('SCARD', box.held .. bot)) end
    local got, more = {}, true
    if wanted > 0 then got, more = pop_ready(box, bot, wanted) end
    if cap and #got > 0 then call('SADD', box.held .. bot, unpack(got)) end
    if not more or (cap and call('SCARD', box.held .. bot) >= cap) then
      out[#out + 1] = bot
    else
      served[#served + 1] = text(now_us + #served)
      served[#served + 1] = bot
    end
    for _, c in ipairs(got) do names[#names + 1] = c end
    return #got
  end
  local function flush()
    if #out > 0 then call('ZREM', box.bots, unpack(out)) end
    if #served > 0 then call('ZADD', box.bots, 'XX', unpack(served)) end
    out, served = {}, {}
  end
  while general > 0 do
    local bots = call('ZRANGE', box.bots, '0', text(BOTS_A_ROUND - 1))
    if #bots == 0 then break end
    local share = math.max(1, math.floor(general / #bots))
    for _, bot in ipairs(bots) do
      local got = general > 0 and take(bot, math.min(share, general)) or 0
      general = general - got
      if got > 0 then busy[bot] = true end
    end
    flush()
  end
  if kept > 0 then
    for _, bot in ipairs(call('ZRANGE', box.bots, '0', text(BOTS_LOOKED_AT - 1))) do
      if kept > 0 and not busy[bot] then kept = kept - take(bot, 1) end
    end
    flush()
  end
  return names
end

-- Holds what was picked; what must wait after all goes where it waits. Answers name, trouble, entry in turn.
local function hold(box, names, may_hold_suspect)
  local claimed = {}
  if #names == 0 then return 0, claimed end
  local first_fence = take_fences(#names)
  local holds, back = {}, {}
  local troubles = call('HMGET', box.trouble, unpack(names))
  local epoch = box == outbox and tonumber(call('GET', partition .. ':epoch') or '')
  for i, c in ipairs(names) do
    local head = byte_budget > 0 and call('LINDEX', box.mail .. c, '0')
    -- A primary that was lost may have taken with it that somebody held this head and sent it.
    if epoch and head and times_of(head) < epoch then
      local trouble = read_trouble(troubles[i])
      trouble.interrupted = 1
      troubles[i] = write_trouble(box, c, trouble)
    end
    local trouble = troubles[i] and read_trouble(troubles[i])
    local suspect = trouble and trouble.crashes >= SUSPECT_CRASHES
    local accepted, due = times_of(head or '')
    local place = 'held'
    if byte_budget <= 0 then
      place = 'back'
      back[#back + 1] = c
    elseif not head then
      place = 'nowhere'
    elseif due > now then
      place = 'delayed'
      delay(box, c, due)
    elseif suspect and not may_hold_suspect then
      place = 'delayed'
      delay(box, c, now + SUSPECT_DELAY_MS)
    end
    if place ~= 'held' then
      -- Its bot may run another one instead.
      call('SREM', box.held .. bot_of(c), c)
      box.touched[bot_of(c)] = true
    else
      if suspect then
        may_hold_suspect = false
        trouble.alone = 1
        write_trouble(box, c, trouble)
      end
      byte_budget = byte_budget - #head
      holds[#holds + 1] = c
      holds[#holds + 1] = string.format('%d:0:%d', first_fence + #claimed / 3, accepted)
      claimed[#claimed + 1] = c
      claimed[#claimed + 1] = troubles[i] or 0
      claimed[#claimed + 1] = head
    end
  end
  for i = #back, 1, -1 do ready_first(box, back[i]) end
  flush_ready(box)
  if #holds > 0 then call('HSET', box.hold .. process, unpack(holds)) end
  return first_fence, claimed
end

-- asked: places free, of which `keep` are for bots that are not busy, whether a token job asks, whether a suspect may be held.
-- Answers { 1 = more is ready, ms until something is due (-1 = nothing), 1 = add a token, first fence, name, trouble, entry, … }
local function claim(box, asked)
  if call('EXISTS', partition .. ':hb:' .. process) == 0 then return { 0, -1, 0, 0 } end
  if asked.is_token then call('DEL', box.token) end
  move_due(box)
  -- The turn's bytes are used up: the next one is to go on, at once.
  if byte_budget <= 0 and call('ZCARD', box.bots) > 0 then return { 1, 0, 0, 0 } end
  local free = math.min(asked.free + box.ended, VALUES_AT_ONCE)
  local general = math.max(0, free - asked.keep)
  local names = pick(box, general, free - general, asked.busy)
  local first_fence, claimed = hold(box, names, asked.suspect)
  local more = call('ZCARD', box.bots) > 0 and 1 or 0
  local is_full = #claimed / 3 >= general
  local answer = { more, due_in(box), more == 1 and is_full and wants_token(box) or 0, first_fence }
  for _, value in ipairs(claimed) do answer[#answer + 1] = value end
  return answer
end
