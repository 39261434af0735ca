-- take: may one message leave now, or within `ahead`?
--
-- All of health, pauses, windows and rates must permit; then all are charged. Otherwise nothing is, and the
-- asker gets a place in the queue of the limit that it must wait for longest.
--
-- A slot of a rate may be taken a little ahead: the asker then waits for it by itself. So an asker that comes
-- back up to `ahead` / 2 too early or too late wastes no slot, and messages leave as evenly as the rate says,
-- whatever the jitter of waking up.
--
-- KEYS[1]  base of the bot
-- ARGV     version of the bot, ':<tenant>' or '', asker, 1 = bulk, ahead (ms), then six for each limit:
--            'rate', name, interval (ms), burst, period (ms), 1 = waits; of one that does not wait, instead
--            of burst: how many messages left under it without asking since the last look
--            'reserved', the same: charged already when the slot was reserved
--            'window', name, route, rest, '', ''
--            'pause', name, '', '', '', ''
-- Returns  { 1, ms to wait before sending, Redis's time, 1 = probe, 1 = no broadcast counts on what replies
--          are charged } | { 0, number of the limit (0 = health), ms }
local version, tenant, asker, ahead = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[5])

-- Interactive messages queue before bulk.
local bulk = ARGV[4] == '1'
local ticket = bulk and now + 1e13 or now
local most_ms = 600000
-- Those refused by a pause or a bot's health come back one after another, not all at once.
local spread_ms = 10

local probe = 0
local sick = redis.call('HMGET', base .. ':health' .. tenant, 'version', 'probe')
if sick[1] then
  if version > tonumber(sick[1]) then
    redis.call('DEL', base .. ':health' .. tenant)
  elseif now < tonumber(sick[2]) then
    local n = redis.call('HINCRBY', base .. ':health' .. tenant, 'n', 1)
    return { 0, 0, math.ceil(tonumber(sick[2]) - now) + n * spread_ms % 60000 }
  else
    probe = 1
  end
end

-- Forgets askers that did not come back: 30 s after they were expected.
local function forget(name)
  local lost = redis.call('ZRANGEBYSCORE', base .. ':e:' .. name, '-inf', now - 30000, 'LIMIT', 0, 100)
  if #lost == 0 then return end
  redis.call('ZREM', base .. ':e:' .. name, unpack(lost))
  redis.call('ZREM', base .. ':q:' .. name, unpack(lost))
end

-- How many askers go before this one; nil if nobody waits.
local function rank_in(name)
  if redis.call('EXISTS', base .. ':q:' .. name) == 0 then return nil end
  forget(name)
  return redis.call('ZRANK', base .. ':q:' .. name, asker)
    or redis.call('ZCOUNT', base .. ':q:' .. name, '-inf', string.format('%.3f', ticket))
end

local function leave_queue(limit)
  if limit.queue and limit.rank then
    redis.call('ZREM', base .. ':q:' .. limit.queue, asker)
    redis.call('ZREM', base .. ':e:' .. limit.queue, asker)
  end
end

-- `due`: when the limit itself permits. `slot`: when it permits this asker, after those before it.
local readers = {}

function readers.rate(limit, interval, burst, period, waits)
  limit.interval, limit.period, limit.waits = tonumber(interval), tonumber(period), waits == '1'
  limit.due = limit.paused
  limit.slot = limit.due
  if not limit.waits then
    limit.messages = 1 + tonumber(burst)
    limit.open = limit.due <= now
    return
  end
  limit.queue = limit.name
  limit.rank = rank_in(limit.queue)
  limit.due = math.max(limit.due, limit.tat - (tonumber(burst) - 1) * limit.interval)
  limit.slot = limit.due + (limit.rank or 0) * limit.interval
  -- A full bucket would waste what it gains now: this asker may have it.
  limit.open = limit.slot <= now + ahead or math.max(limit.tat, limit.paused) <= now
end

-- A reply that left since the slot was reserved has used it: the message asks for another one.
function readers.reserved(limit, interval, burst, period, waits)
  if limit.displaced == 0 then return readers.pause(limit) end
  limit.kind = 'rate'
  limit.tat = limit.tat - tonumber(interval)
  write_rate(limit, limit.tat)
  redis.call('HINCRBY', base .. ':l:' .. limit.name, 'd', -1)
  readers.rate(limit, interval, burst, period, waits)
end

function readers.window(limit, route, rest)
  limit.queue = window_of(route, rest)
  limit.rank = rank_in(limit.queue)
  local w = read_window(limit.queue)
  limit.window = w
  limit.due, limit.slot, limit.open = limit.paused, limit.paused, limit.paused <= now
  if not w.r then
    -- Free until the first answer. What was taken long ago and never answered with a window is no part of
    -- one.
    if not w.b or now - w.b > 10000 then limit.window = { k = 0, b = now } end
    return
  end
  if now >= w.z then w = next_window(w) end
  limit.window = w
  local rank = limit.rank or 0
  -- Those who came first have what is left, unless they have not come for half of the window.
  if w.r > rank or (w.r > 0 and now > w.b + w.l / 2) then return end
  limit.slot = math.max(limit.slot, w.z + math.floor(math.max(rank - w.r, 0) / math.max(w.c, 1)) * w.l)
  limit.open = false
end

function readers.pause(limit)
  limit.due, limit.slot, limit.open = limit.paused, limit.paused, limit.paused <= now
end

local limits = {}
local at, at_by = now, nil
local worst
for i = 6, #ARGV, 6 do
  local limit = { kind = ARGV[i], name = ARGV[i + 1], number = #limits + 1 }
  read_rate(limit)
  readers[limit.kind](limit, ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5])
  if not limit.open and (not worst or limit.slot > worst.slot) then worst = limit end
  if limit.due > at then at, at_by = limit.due, limit end
  limits[#limits + 1] = limit
end

if not worst and at > now then
  -- Waiting for one limit (a chat's) must not leave slots of a faster one (the bot's) empty that others could
  -- have.
  for _, limit in ipairs(limits) do
    local is_faster = limit.waits and limit.interval < (at_by.interval or math.huge)
    if is_faster and at - math.max(now, limit.tat) > limit.interval / 20 then
      worst = at_by
    end
  end
  if worst then worst.exact = true end
end

if worst then
  for _, limit in ipairs(limits) do
    if limit ~= worst then leave_queue(limit) end
  end
  local ms = worst.slot - now
  if worst.queue then
    local q, e = base .. ':q:' .. worst.queue, base .. ':e:' .. worst.queue
    redis.call('ZADD', q, 'NX', string.format('%.3f', ticket), asker)
    redis.call('ZADD', e, string.format('%.3f', math.min(worst.slot, now + most_ms)), asker)
    redis.call('PEXPIRE', q, most_ms + 60000)
    redis.call('PEXPIRE', e, most_ms + 60000)
    if worst.waits and not worst.exact then ms = ms - ahead / 2 end
  else
    ms = ms + redis.call('HINCRBY', base .. ':l:' .. worst.name, 'n', 1) % 100 * spread_ms
  end
  return { 0, worst.number, math.ceil(math.min(math.max(ms, 1), most_ms)) }
end

-- One that waits for nothing: broadcasts give way to it.
local function note_reply(limit)
  local key = base .. ':l:' .. limit.name
  redis.call('HSET', key, 'r', string.format('%.9f', limit.replies + limit.messages / 10000), 'u', string.format('%.3f', now))
  if limit.reserved > now then redis.call('HINCRBY', key, 'd', limit.messages) end
end

for _, limit in ipairs(limits) do
  leave_queue(limit)
  if limit.kind == 'rate' then
    if limit.waits then
      write_rate(limit, charged(limit, at, bulk))
    else
      -- What a platform counts is forgotten after a period, so no more is owed than that.
      local owed = math.min(math.max(now, limit.tat) + limit.messages * limit.interval, now + limit.period)
      write_rate(limit, math.max(limit.tat, owed))
      note_reply(limit)
    end
  elseif limit.kind == 'window' then
    local w = limit.window
    w.k = w.k + 1
    if w.r then w.r = w.r - 1 end
    write_window(limit.queue, w)
  end
end
if probe == 1 then redis.call('HSET', base .. ':health' .. tenant, 'probe', string.format('%.0f', now + 60000), 'n', 0) end
if bulk then note_bulk() end
local quiet = probe == 0 and redis.call('EXISTS', base .. ':bulk') == 0 and 1 or 0
return { 1, string.format('%.3f', at - now), string.format('%.3f', now), probe, quiet }
