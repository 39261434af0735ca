-- deliver: stores a batch of updates, each at most once, at the end of their conversations' mailboxes.
-- Behind common, lookout, places, seen, user-limits and backlog (see scripts.ts).
--
-- KEYS[1]  base of the partition
-- ARGV     box, 1 = after everything else of its bot (broadcasts), most parked updates of a bot, number of
--          bots in the batch, number of updates that follow another one,
--          then per bot: id, redelivery window (ms), user limit (updates a second, 0 = none), user burst,
--          most waiting updates, most waiting bytes (0 = no bound);
--          then per update that follows another one of its conversation: which update (1 = the first of the
--          batch); of the one before it: the first 8 bytes of its hash, as below, and an entry with its hash,
--          then per update: conversation, user ('' = nobody), first 8 bytes of the update hash as a signed
--          decimal, entry
-- Returns  the groups for which to add a token; ms until one is to be added (-1 = none) and for which group;
--          then per update, in order: the code below
--
-- Safe to repeat: a second run of the same batch finds every update seen and answers duplicate.
local ACCEPTED, DUPLICATE, BACKLOG_FULL, DELAYED = 0, 1, 2, 3
local WORDS_A_BOT, WORDS_A_FOLLOWER, WORDS_AN_UPDATE = 6, 3, 4

local box = boxes[ARGV[1]]
local is_bulk = ARGV[2] == '1'
local max_parked = tonumber(ARGV[3])
local first_follower = 6 + WORDS_A_BOT * ARGV[4]
local first_update = first_follower + WORDS_A_FOLLOWER * ARGV[5]

local bots = {}
for at = 6, first_follower - 1, WORDS_A_BOT do
  local id, window = ARGV[at], tonumber(ARGV[at + 1])
  local rate, burst = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local max_count, max_bytes = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
  bots[id] = {
    seen = open_seen(id, window), limit = open_limit(id, rate, burst),
    backlog = open_backlog(box, id, max_count, max_bytes, max_parked),
  }
end
for at = first_update, #ARGV, WORDS_AN_UPDATE do
  local user = ARGV[at + 1]
  local users = bots[bot_of(ARGV[at])].limit.users
  if user ~= '' then users[#users + 1] = user end
end
for _, bot in pairs(bots) do read_debts(bot.limit) end

-- What must be stored before an update, by the update's place in the batch.
local before = {}
for at = first_follower, first_update - 1, WORDS_A_FOLLOWER do
  before[tonumber(ARGV[at])] = { member = ARGV[at + 1], entry = ARGV[at + 2] }
end

local has_parked = call('EXISTS', box.parked) == 1
-- Conversations that have become ready by this batch, by bot; the first that comes due by itself.
local fresh, first_due, first_group = {}, nil, NO_GROUP

-- Whether the update before it was refused, in this batch or in an earlier one. A later one may find room,
-- because workers drain between two batches, and would overtake it.
local function overtakes(bot, previous)
  return previous ~= nil and not was_seen(bot.seen, previous.member, previous.entry)
end

-- Appends one update and answers its code.
local function deliver(c, user, member, entry, previous)
  local id = bot_of(c)
  local bot = bots[id]
  local is_parked = has_parked and call('ZSCORE', box.parked, c) ~= false
  -- Stored before, it is answered as then, however full the bot is by now.
  local is_refused = is_full(bot.backlog, is_parked) or overtakes(bot, previous)
  if is_refused and not was_seen(bot.seen, member, entry) then return BACKLOG_FULL end
  if remember(bot.seen, member, entry) then return DUPLICATE end
  local due = due_by_user(bot.limit, user)
  local length = call('RPUSH', box.mail .. c, stamped(entry, due))
  count_mail(bot.backlog, c, is_parked, #entry)
  if length == 1 and due > 0 then
    delay(box, c, due)
    if not first_due or due < first_due then first_due, first_group = due, group_of(box, id) end
  elseif length == 1 then
    fresh[id] = fresh[id] or {}
    table.insert(fresh[id], c)
  end
  return due > 0 and DELAYED or ACCEPTED
end

local codes = {}
for at = first_update, #ARGV, WORDS_AN_UPDATE do
  local previous = before[#codes + 1]
  codes[#codes + 1] = deliver(ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], previous)
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
for _, bot in pairs(bots) do
  write_debts(bot.limit)
  write_seen(bot.seen, write_backlog(bot.backlog))
end

-- A token for its time, if nothing else comes due before it: a worker that is woken earlier looks again.
local token_in = -1
if first_due and due_in(box) >= first_due - now then token_in = first_due - now end
-- Duplicates ask for a token too: the process that was to add the first one may have died.
for id in pairs(bots) do box.woken[group_of(box, id)] = true end
return { want_tokens(box, box.woken), token_in, first_group, unpack(codes) }
