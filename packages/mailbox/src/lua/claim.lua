-- Claim: takes ready conversations for a process: those that `pick` names, unless they must wait after all.
-- Part of `turn`.
local SUSPECT_CRASHES = 2
local SUSPECT_DELAY_MS = 1000

-- Fences never repeat, a failover that lost the counter included: Redis's clock in µs moves them past what
-- was given before.
local function take_fences(n)
  local last = math.max(tonumber(call('GET', partition .. ':fence') or '0'), now_us - 1)
  call('SET', partition .. ':fence', text(last + n))
  return last + 1
end

-- One suspect a turn, over both boxes.
local has_suspect = false

-- Holds what was picked; what must wait after all goes where it waits. Answers name, trouble, entry in turn.
local function hold(box, names, may_hold_suspect)
  local claimed = {}
  if #names == 0 then return 0, claimed end
  local first_fence = take_fences(#names)
  local holds, back = {}, {}
  local troubles = call('HMGET', box.trouble, unpack(names))
  local may_be_parked = box == inbox and call('EXISTS', outbox.parked) == 1
  local since = epoch_of(box)
  for i, c in ipairs(names) do
    local head = byte_budget > 0 and call('LINDEX', box.mail .. c, '0')
    -- Somebody may have held and sent this head: the primary that was lost took the record of it along.
    if since and head and times_of(head) < since then
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
    elseif may_be_parked and call('ZSCORE', outbox.parked, c) and has_too_many_parked(bot_of(c)) then
      -- It would only add to them. An operator's word on the replies lets both go on.
      place = 'parked'
      park(box, c, REPLIES_PARKED)
    elseif suspect and (has_suspect or not may_hold_suspect) then
      place = 'delayed'
      delay(box, c, now + SUSPECT_DELAY_MS)
    end
    if place ~= 'held' then
      -- Its bot may run another one instead.
      call('SREM', box.held .. bot_of(c), c)
      box.touched[bot_of(c)] = true
    else
      if suspect then
        has_suspect = true
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
  change_sums(box)
  for i = #back, 1, -1 do ready_first(box, back[i]) end
  flush_ready(box)
  if #holds > 0 then call('HSET', box.hold .. process, unpack(holds)) end
  return first_fence, claimed
end

-- asked: places free; how many of them, and of those that this turn frees, are for bots that are not busy
-- (`keep`); the groups that the process runs, and for which of them token jobs ask; whether a suspect may be
-- held; for how long (ms, 0 = not at all) the process looks by itself if it takes something and is not full.
-- Answers { bots that stay in the rotation, ms until something is due (-1 = nothing), groups for which to add
-- a token, first fence, for how long (ms) the process must look by itself (0 = as it promised before, -1 = no
-- more), name, trouble, entry, … }
local function claim(box, asked)
  -- Others may hold what this process has by now, and it takes nothing: they are to have what is ready, too.
  if call('EXISTS', partition .. ':hb:' .. process) == 0 then
    return { 0, -1, want_tokens(box, asked.groups), 0, 0 }
  end
  for group in pairs(asked.tokens) do call('DEL', token_of(box, group)) end
  move_due(box)
  local free = math.min(asked.free + box.ended, VALUES_AT_ONCE)
  -- The turn's bytes are used up: the next one is to go on, at once.
  local waiting = free > 0 and byte_budget <= 0 and bots_ready(box, asked.groups) or 0
  if waiting > 0 then
    for group in pairs(asked.groups) do box.woken[group] = nil end
    return { waiting, 0, want_tokens(box, box.woken), 0, 0 }
  end
  local general = math.max(0, free - asked.keep)
  local names = pick(box, asked.groups, general, free - general, asked.busy)
  box.has_picked = #names > 0
  local first_fence, claimed = hold(box, names, asked.suspect)
  local left = bots_ready(box, asked.groups)
  -- What became ready here and is others' to run needs a token; what is left of one's own only if there are
  -- no more places.
  local is_full = #claimed / 3 >= general
  for group in pairs(asked.groups) do box.woken[group] = (left > 0 and is_full) or nil end
  local lookout = lookout_after(box, asked, #claimed / 3, is_full)
  local answer = { left, due_in(box), want_tokens(box, box.woken), first_fence, lookout }
  for _, value in ipairs(claimed) do answer[#answer + 1] = value end
  return answer
end
