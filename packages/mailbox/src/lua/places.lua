-- Places and the rotation: how conversations become ready and how bots come back into the rotation.

-- Ready, at the end of its bot's line. Goes to Redis in `flush_ready`, one command a bot.
local function ready(box, c)
  local bot = bot_of(c)
  local names = box.tail[bot]
  if not names then
    names = {}
    box.tail[bot] = names
  end
  names[#names + 1] = c
end

-- Ready, before all others of its bot: what somebody held already.
local function ready_first(box, c)
  local bot = bot_of(c)
  call('LPUSH', box.run .. bot, c)
  box.touched[bot] = true
end

local function rotation_of(box, group)
  return of_group(box.bots, group)
end

-- How many bots are in the rotations of some groups.
local function bots_ready(box, groups)
  local n = 0
  for group in pairs(groups) do n = n + call('ZCARD', rotation_of(box, group)) end
  return n
end

local function token_of(box, group)
  return of_group(box.token, group)
end

local function group_of(box, bot)
  local group = box.group_of[bot]
  if not group then
    group = call('HGET', box.blocks, 'group ' .. bot) or NO_GROUP
    box.group_of[bot] = group
  end
  return group
end

local function leave_rotation(box, bot)
  call('ZREM', rotation_of(box, group_of(box, bot)), bot)
end

-- The second answer is whether the bot has a cap.
local function may_run(box, bot)
  local full, paused, cap, group =
    unpack(call('HMGET', box.blocks, 'full ' .. bot, 'paused ' .. bot, 'cap ' .. bot, 'group ' .. bot))
  box.group_of[bot] = group or NO_GROUP
  if full or paused then return false end
  return not cap or call('SCARD', box.held .. bot) < tonumber(cap), cap
end

local function has_ready(box, bot)
  return call('EXISTS', box.run .. bot, box.bulk .. bot) > 0
end

-- Puts the bots that were touched into the rotation, if they have something ready and may run it; true if any
-- has.
local function flush_ready(box)
  for bot, names in pairs(box.tail) do
    call('RPUSH', box.run .. bot, unpack(names))
    box.touched[bot] = true
  end
  local back = {}
  for bot in pairs(box.touched) do
    if has_ready(box, bot) and may_run(box, bot) then
      local group = box.group_of[bot]
      local bots = back[group] or {}
      back[group] = bots
      bots[#bots + 1] = text(now_us)
      bots[#bots + 1] = bot
    end
  end
  for group, bots in pairs(back) do
    call('ZADD', rotation_of(box, group), 'NX', unpack(bots))
    box.woken[group] = true
  end
  box.tail, box.touched = {}, {}
  return next(back) ~= nil
end

local function delay(box, c, due)
  call('ZADD', box.delayed, text(due), c)
end

-- More mail for a parked conversation. Its reason begins with the bytes that were counted as parked for it.
local function add_parked(box, c, n, bytes)
  local bot = bot_of(c)
  call('HINCRBY', box.parked_count, bot, text(n))
  call('HINCRBY', box.parked_bytes, bot, text(bytes))
  local share, reason = string.match(call('HGET', box.reasons, c) or '0 unknown', '^(%d+) (.*)$')
  call('HSET', box.reasons, c, text(share + bytes) .. ' ' .. reason)
end

-- Why a conversation of the inbox parks whose replies wait for an operator, see `claim`.
local REPLIES_PARKED = 'MBX_REPLIES_PARKED'

-- How much of what is due becomes ready in one script.
local DUE_AT_ONCE = 256

-- What is due becomes ready, and bots whose pause is over come back.
local function move_due(box)
  local due = call('ZRANGEBYSCORE', box.delayed, '-inf', now_text, 'LIMIT', '0', text(DUE_AT_ONCE))
  if #due > 0 then
    call('ZREM', box.delayed, unpack(due))
    for _, c in ipairs(due) do ready(box, c) end
  end
  local bots = call('ZRANGEBYSCORE', box.resume, '-inf', now_text, 'LIMIT', '0', text(DUE_AT_ONCE))
  if #bots > 0 then
    call('ZREM', box.resume, unpack(bots))
    for _, bot in ipairs(bots) do
      call('HDEL', box.blocks, 'paused ' .. bot)
      box.touched[bot] = true
    end
  end
  flush_ready(box)
end

-- In how many ms something becomes ready by itself; -1 = nothing waits for its time.
local function due_in(box)
  local first
  for _, key in ipairs({ box.delayed, box.resume }) do
    local score = tonumber(call('ZRANGE', key, '0', '0', 'WITHSCORES')[2])
    if score and (not first or score < first) then first = score end
  end
  return first and math.max(0, math.ceil(first - now)) or -1
end

-- Until when (ms) a bot runs nothing of this box; 0 = until somebody resumes it. A later end stands.
local function pause(box, bot, untilMs)
  local old = tonumber(call('HGET', box.blocks, 'paused ' .. bot) or '-1')
  if old == 0 or (untilMs ~= 0 and old >= untilMs) then return end
  call('HSET', box.blocks, 'paused ' .. bot, text(untilMs))
  if untilMs == 0 then call('ZREM', box.resume, bot) else call('ZADD', box.resume, text(untilMs), bot) end
  leave_rotation(box, bot)
end

-- A mark that nobody clears is the sweeper's; it outlives any queue that is worked at all.
local TOKEN_MS = 600000

-- The groups for which a token job must be added now: there is ready work, no token is outstanding, and
-- nobody looks without one.
local function want_tokens(box, groups)
  local wanted = {}
  for group in pairs(groups) do
    local token = token_of(box, group)
    if not is_looked_for(box, group) and call('EXISTS', token) == 0
      and call('ZCARD', rotation_of(box, group)) > 0 then
      call('SET', token, now_text, 'PX', text(TOKEN_MS))
      wanted[#wanted + 1] = group
    end
  end
  return wanted
end

-- What is known of a head that did not go through at once.
local function read_trouble(packed)
  local tries, crashes, crashes_alone, interrupted, alone, unreadable, blamed =
    string.match(packed or '0 0 0 0 0 0 0', '^(%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+)$')
  return {
    tries = tonumber(tries or '0'), crashes = tonumber(crashes or '0'), crashes_alone = tonumber(crashes_alone or '0'),
    interrupted = tonumber(interrupted or '0'), alone = tonumber(alone or '0'),
    unreadable = tonumber(unreadable or '0'),
    blamed = tonumber(blamed or '0'),
  }
end

local function write_trouble(box, c, t)
  local packed = string.format(
    '%d %d %d %d %d %d %d',
    t.tries, t.crashes, t.crashes_alone, t.interrupted, t.alone, t.unreadable, t.blamed
  )
  call('HSET', box.trouble, c, packed)
  return packed
end
