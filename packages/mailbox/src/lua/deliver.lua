-- deliver: stores a batch of updates, each at most once, at the end of their conversations' mailboxes.
-- Behind common and places (see scripts.ts).
--
-- KEYS[1]  base of the partition
-- ARGV     box, 1 = after everything else of its bot (broadcasts), most parked updates of a bot, number of
--          bots in the batch,
--          then per bot: id, redelivery window (ms), user limit (updates a second, 0 = none), user burst,
--          most waiting updates, most waiting bytes (0 = no bound);
--          then per update: conversation, user ('' = nobody), first 8 bytes of the update hash as a signed
--          decimal, entry
-- Returns  the groups for which to add a token; ms until one is to be added (-1 = none) and for which group;
--          then per update, in order: 0 accepted, 1 duplicate, 2 backlog full, 3 accepted, but due later
--
-- Safe to repeat: a second run of the same batch finds every update seen and answers duplicate.
--
-- Seen ids: per bot a list of generations; each is 2^k buckets (Redis sets of 64-bit integers, compact up to
-- 512 members). The newest takes new ids, all are asked. A generation closes when it is older than the window
-- or its buckets are full (the next has 16 times as many), and is forgotten a window after it closed. Bucket
-- and member come from different bits of the hash, so a new update is taken for a duplicate with a chance of
-- at most 512 / 2^64 a generation.
local BUCKET_FILL = 400
local GROWTH_BITS = 4
local MAX_BITS = 20
-- From that many ids a bucket on, none is empty any more (chance e^-20), so none needs to be given its life.
local SETTLED_FILL = 20
local GENERATION = '(%d+):(%d+):(%d+):(%d*);' -- id, bits, opened (ms), closed (ms)

-- User limits: those of a bot's users who have something to pay off are a sorted set, scored with the time
-- (µs) at which they have paid. The set outlives the last of them by this long, so that not every batch sets
-- its expiry.
local SPARE_MS = 10000

local box = boxes[ARGV[1]]
local is_bulk = ARGV[2] == '1'
local max_parked = tonumber(ARGV[3])

local bots = {}
local at = 5
for _ = 1, tonumber(ARGV[4]) do
  local id = ARGV[at]
  local seen_base = partition .. ':seen:' .. id
  local bot = {
    id = id, window = tonumber(ARGV[at + 1]), rate = tonumber(ARGV[at + 2]), burst = tonumber(ARGV[at + 3]),
    max_count = tonumber(ARGV[at + 4]), max_bytes = tonumber(ARGV[at + 5]),
    seen = seen_base, generations = {}, older = {}, added = 0, bytes = 0, base_count = 0, base_bytes = 0,
    debts = partition .. ':debts:' .. id, users = {}, paid_at = {}, owes = {}, debtors = {},
  }
  at = at + 6
  local meta = call('HMGET', seen_base, 'g', 'n')
  local newest
  for gen, bits, opened, closed in string.gmatch(meta[1] or '', GENERATION) do
    newest = {
      id = gen, size = 2 ^ tonumber(bits), bits = tonumber(bits), opened = tonumber(opened),
      closed = tonumber(closed),
    }
    if not newest.closed or newest.closed + bot.window > now then table.insert(bot.generations, newest) end
  end
  local n = tonumber(meta[2] or '0')
  if not newest or newest.opened + bot.window <= now
    or (n > BUCKET_FILL * newest.size and newest.bits < MAX_BITS) then
    local bits = 0
    if newest then
      newest.closed = newest.closed or now
      bits = newest.bits
      if n > BUCKET_FILL * newest.size then bits = math.min(bits + GROWTH_BITS, MAX_BITS) end
      -- Traffic that fell by more than a growth step gets fewer buckets again: an empty bucket costs as much
      -- as many ids.
      while bits >= GROWTH_BITS and n * 32 < BUCKET_FILL * 2 ^ bits do bits = bits - GROWTH_BITS end
    end
    newest = { id = newest and newest.id + 1 or 1, size = 2 ^ bits, bits = bits, opened = now }
    table.insert(bot.generations, newest)
    local list = {}
    for _, g in ipairs(bot.generations) do
      table.insert(list, string.format('%d:%d:%d:%s;', g.id, g.bits, g.opened, g.closed and string.format('%d', g.closed) or ''))
    end
    n = 0
    call('HSET', seen_base, 'g', table.concat(list), 'n', 0)
    call('PEXPIRE', seen_base, bot.window * 2)
  end
  for i, generation in ipairs(bot.generations) do
    generation.key = seen_base .. ':' .. text(generation.id) .. (generation.size > 1 and ':' or '')
    if i < #bot.generations then table.insert(bot.older, 1, generation) end
  end
  bot.newest = newest
  bot.young = n < SETTLED_FILL * newest.size
  -- A bucket lives from its first member until its generation must be forgotten: opened + window at the
  -- latest it closes, a window later it goes.
  bot.forgotten_at = text(newest.opened + 2 * bot.window)
  if bot.max_count > 0 then bot.base_count = tonumber(call('HGET', box.count, id) or '0') end
  if bot.max_bytes > 0 then bot.base_bytes = tonumber(call('HGET', box.bytes, id) or '0') end
  bots[id] = bot
end

local bot_at = {}
for i = at, #ARGV, 4 do
  local bot, user = bots[bot_of(ARGV[i])], ARGV[i + 1]
  bot_at[i] = bot
  if user ~= '' then bot.users[#bot.users + 1] = user end
end
for _, bot in pairs(bots) do
  if bot.rate > 0 and #bot.users > 0 then
    for i, paid_at in ipairs(call('ZMSCORE', bot.debts, unpack(bot.users))) do
      if paid_at then bot.paid_at[bot.users[i]] = tonumber(paid_at) end
    end
  end
end

local function bucket(generation, entry)
  local size = generation.size
  if size == 1 then return generation.key end
  return generation.key .. text(struct.unpack('>I4', entry, 21) % size)
end

local function seen_before(bot, member, entry)
  for _, generation in ipairs(bot.older) do
    if call('SISMEMBER', bucket(generation, entry), member) == 1 then return true end
  end
  return false
end

-- Adds an id to its bucket, which lives from its first member on; true if it was there.
local function remember(bot, key, member)
  if call('SADD', key, member) == 0 then return true end
  if bot.young and call('SCARD', key) == 1 then call('PEXPIREAT', key, bot.forgotten_at) end
  return false
end

local function full(bot)
  return (bot.max_count > 0 and bot.base_count + bot.added >= bot.max_count)
    or (bot.max_bytes > 0 and bot.base_bytes + bot.bytes >= bot.max_bytes)
end

-- GCRA (ATM Forum TM 4.0, virtual scheduling): the time at which a user's update is within the limit, 0 =
-- now.
-- In whole milliseconds, as due times are: who is within the limit is due at once.
local this_ms_us = now * 1000
local function due_by_user(bot, user)
  if user == '' or bot.rate == 0 then return 0 end
  local interval = 1000000 / bot.rate
  local paid_at = math.max(bot.paid_at[user] or 0, this_ms_us) + interval
  bot.paid_at[user] = paid_at
  if not bot.owes[user] then
    bot.owes[user] = true
    bot.debtors[#bot.debtors + 1] = user
  end
  local due = math.ceil((paid_at - bot.burst * interval) / 1000)
  return due > now and due or 0
end

-- Forgets who has paid, and remembers what the batch's users have to pay.
local function remember_debts(bot)
  local scores, latest = {}, this_ms_us
  for _, user in ipairs(bot.debtors) do
    local paid_at = math.ceil(bot.paid_at[user])
    if paid_at > latest then latest = paid_at end
    scores[#scores + 1] = text(paid_at)
    scores[#scores + 1] = user
  end
  call('ZREMRANGEBYSCORE', bot.debts, '-inf', text(this_ms_us))
  call('ZADD', bot.debts, unpack(scores))
  local ms = math.ceil((latest - this_ms_us) / 1000)
  if call('PTTL', bot.debts) < ms then call('PEXPIRE', bot.debts, text(ms + SPARE_MS)) end
end

-- Mail of a parked conversation counts apart. It waits for an operator, not for a worker, so it must not
-- fill its bot's backlog.
local has_parked = call('EXISTS', box.parked) == 1
local parked_added, parked_mail = {}, {}
local function is_parked(c)
  return has_parked and call('ZSCORE', box.parked, c)
end
local function parked_full(bot)
  return tonumber(call('HGET', box.parked_count, bot.id) or '0') + (parked_added[bot.id] or 0) >= max_parked
end

local fresh = {}
local answers = { {}, -1, NO_GROUP }
local first_due, first_group
for i = at, #ARGV, 4 do
  local c, user, member, entry = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local bot = bot_at[i]
  local key = bucket(bot.newest, entry)
  local answer = 0
  local parked = is_parked(c)
  local refused
  if parked then refused = parked_full(bot) else refused = full(bot) end
  if refused and call('SISMEMBER', key, member) == 0 and not seen_before(bot, member, entry) then
    answer = 2
  elseif remember(bot, key, member) or seen_before(bot, member, entry) then
    answer = 1
  else
    local due = due_by_user(bot, user)
    local length = call('RPUSH', box.mail .. c, stamped(entry, due))
    if parked then
      parked_added[bot.id] = (parked_added[bot.id] or 0) + 1
      local mail = parked_mail[c] or { count = 0, bytes = 0 }
      mail.count, mail.bytes = mail.count + 1, mail.bytes + #entry
      parked_mail[c] = mail
    else
      bot.added = bot.added + 1
      bot.bytes = bot.bytes + #entry
    end
    if due > 0 then answer = 3 end
    if length == 1 and due > 0 then
      delay(box, c, due)
      if not first_due or due < first_due then first_due, first_group = due, group_of(box, bot.id) end
    elseif length == 1 then
      local names = fresh[bot.id] or {}
      names[#names + 1] = c
      fresh[bot.id] = names
    end
  end
  answers[#answers + 1] = answer
end

for bot, names in pairs(fresh) do
  if is_bulk then
    call('RPUSH', box.bulk .. bot, unpack(names))
    box.touched[bot] = true
  else
    box.tail[bot] = names
  end
end
flush_ready(box)
for id, bot in pairs(bots) do
  if #bot.debtors > 0 then remember_debts(bot) end
  if bot.added > 0 or parked_added[id] then
    call('HINCRBY', bot.seen, 'n', text(bot.added + (parked_added[id] or 0)))
  end
  if bot.added > 0 then
    call('HINCRBY', box.count, id, text(bot.added))
    call('HINCRBY', box.bytes, id, text(bot.bytes))
  end
end
for c, mail in pairs(parked_mail) do add_parked(box, c, mail.count, mail.bytes) end

-- A token for its time, if nothing else comes due before it: a worker that is woken earlier looks again.
if first_due and due_in(box) >= first_due - now then answers[2], answers[3] = first_due - now, first_group end
-- Duplicates ask for a token too: the process that was to add the first one may have died.
for id in pairs(bots) do box.woken[group_of(box, id)] = true end
answers[1] = want_tokens(box, box.woken)
return answers
