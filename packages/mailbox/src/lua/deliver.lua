-- deliver: stores a batch of updates, each at most once, at the end of their conversations' mailboxes.
-- Behind common, places, seen and user-limits (see scripts.ts).
--
-- KEYS[1]  base of the partition
-- ARGV     box, 1 = after everything else of its bot (broadcasts), most parked updates of a bot, number of
--          bots in the batch,
--          then per bot: id, redelivery window (ms), user limit (updates a second, 0 = none), user burst,
--          most waiting updates, most waiting bytes (0 = no bound);
--          then per update: conversation, user ('' = nobody), first 8 bytes of the update hash as a signed
--          decimal, entry
-- Returns  the groups for which to add a token; ms until one is to be added (-1 = none) and for which group;
--          then per update, in order: the code below
--
-- Safe to repeat: a second run of the same batch finds every update seen and answers duplicate.
local ACCEPTED, DUPLICATE, BACKLOG_FULL, DELAYED = 0, 1, 2, 3
local WORDS_A_BOT, WORDS_AN_UPDATE = 6, 4

local box = boxes[ARGV[1]]
local is_bulk = ARGV[2] == '1'
local max_parked = tonumber(ARGV[3])
local first_update = 5 + WORDS_A_BOT * ARGV[4]

local bots = {}
for at = 5, first_update - 1, WORDS_A_BOT do
  local id, window = ARGV[at], tonumber(ARGV[at + 1])
  local rate, burst = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local max_count, max_bytes = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
  bots[id] = {
    id = id, seen = open_seen(id, window), limit = open_limit(id, rate, burst),
    max_count = max_count, max_bytes = max_bytes,
    count = max_count > 0 and tonumber(call('HGET', box.count, id) or '0') or 0,
    bytes = max_bytes > 0 and tonumber(call('HGET', box.bytes, id) or '0') or 0,
    -- What this batch adds to them.
    added = 0, added_bytes = 0, parked = 0,
  }
end
for at = first_update, #ARGV, WORDS_AN_UPDATE do
  local user = ARGV[at + 1]
  local users = bots[bot_of(ARGV[at])].limit.users
  if user ~= '' then users[#users + 1] = user end
end
for _, bot in pairs(bots) do read_debts(bot.limit) end

-- Mail of a parked conversation counts apart. It waits for an operator, not for a worker, so it must not
-- fill its bot's backlog.
local has_parked = call('EXISTS', box.parked) == 1
local parked_mail = {}

local function is_full(bot, is_parked)
  if is_parked then
    return tonumber(call('HGET', box.parked_count, bot.id) or '0') + bot.parked >= max_parked
  end
  return (bot.max_count > 0 and bot.count + bot.added >= bot.max_count)
    or (bot.max_bytes > 0 and bot.bytes + bot.added_bytes >= bot.max_bytes)
end

local function count(bot, c, is_parked, bytes)
  if not is_parked then
    bot.added = bot.added + 1
    bot.added_bytes = bot.added_bytes + bytes
    return
  end
  bot.parked = bot.parked + 1
  local mail = parked_mail[c] or { count = 0, bytes = 0 }
  mail.count, mail.bytes = mail.count + 1, mail.bytes + bytes
  parked_mail[c] = mail
end

-- Conversations that have become ready by this batch, by bot; the first that comes due by itself.
local fresh, first_due, first_group = {}, nil, NO_GROUP

-- Appends one update and answers its code.
local function deliver(c, user, member, entry)
  local bot = bots[bot_of(c)]
  local is_parked = has_parked and call('ZSCORE', box.parked, c) ~= false
  -- Stored before, it is answered as then, however full the bot is by now.
  if is_full(bot, is_parked) and not was_seen(bot.seen, member, entry) then return BACKLOG_FULL end
  if remember(bot.seen, member, entry) then return DUPLICATE end
  local due = due_by_user(bot.limit, user)
  local length = call('RPUSH', box.mail .. c, stamped(entry, due))
  count(bot, c, is_parked, #entry)
  if length == 1 and due > 0 then
    delay(box, c, due)
    if not first_due or due < first_due then first_due, first_group = due, group_of(box, bot.id) end
  elseif length == 1 then
    fresh[bot.id] = fresh[bot.id] or {}
    table.insert(fresh[bot.id], c)
  end
  return due > 0 and DELAYED or ACCEPTED
end

local codes = {}
for at = first_update, #ARGV, WORDS_AN_UPDATE do
  codes[#codes + 1] = deliver(ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3])
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
  write_debts(bot.limit)
  if bot.added + bot.parked > 0 then call('HINCRBY', bot.seen.base, 'n', text(bot.added + bot.parked)) end
  if bot.added > 0 then
    call('HINCRBY', box.count, id, text(bot.added))
    call('HINCRBY', box.bytes, id, text(bot.added_bytes))
  end
end
for c, mail in pairs(parked_mail) do add_parked(box, c, mail.count, mail.bytes) end

-- A token for its time, if nothing else comes due before it: a worker that is woken earlier looks again.
local token_in = -1
if first_due and due_in(box) >= first_due - now then token_in = first_due - now end
-- Duplicates ask for a token too: the process that was to add the first one may have died.
for id in pairs(bots) do box.woken[group_of(box, id)] = true end
return { want_tokens(box, box.woken), token_in, first_group, unpack(codes) }
