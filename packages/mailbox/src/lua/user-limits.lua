-- User limits: when an update of a user who writes too much is due. Part of `deliver`.
--
-- Those of a bot's users who have something to pay off are a sorted set, scored with the time (µs) at which
-- they have paid. The set outlives the last of them by this long, so that not every batch sets its expiry.
local SPARE_MS = 10000
-- In whole milliseconds, as due times are: who is within the limit is due at once.
local this_ms_us = now * 1000

local function open_limit(bot_id, rate, burst)
  return {
    key = partition .. ':debts:' .. bot_id, rate = rate, burst = burst,
    users = {}, paid_at = {}, owes = {}, debtors = {},
  }
end

-- Reads what the batch's users have to pay.
local function read_debts(limit)
  if limit.rate == 0 or #limit.users == 0 then return end
  for i, paid_at in ipairs(call('ZMSCORE', limit.key, unpack(limit.users))) do
    if paid_at then limit.paid_at[limit.users[i]] = tonumber(paid_at) end
  end
end

-- GCRA (ATM Forum TM 4.0, virtual scheduling): the time at which a user's update is within the limit, 0 =
-- now.
local function due_by_user(limit, user)
  if user == '' or limit.rate == 0 then return 0 end
  local interval = 1000000 / limit.rate
  local paid_at = math.max(limit.paid_at[user] or 0, this_ms_us) + interval
  limit.paid_at[user] = paid_at
  if not limit.owes[user] then
    limit.owes[user] = true
    limit.debtors[#limit.debtors + 1] = user
  end
  local due = math.ceil((paid_at - limit.burst * interval) / 1000)
  return due > now and due or 0
end

-- Forgets who has paid, and remembers what the batch's users have to pay.
local function write_debts(limit)
  if #limit.debtors == 0 then return end
  local scores, latest = {}, this_ms_us
  for _, user in ipairs(limit.debtors) do
    local paid_at = math.ceil(limit.paid_at[user])
    if paid_at > latest then latest = paid_at end
    scores[#scores + 1] = text(paid_at)
    scores[#scores + 1] = user
  end
  call('ZREMRANGEBYSCORE', limit.key, '-inf', text(this_ms_us))
  call('ZADD', limit.key, unpack(scores))
  local ms = math.ceil((latest - this_ms_us) / 1000)
  if call('PTTL', limit.key) < ms then call('PEXPIRE', limit.key, text(ms + SPARE_MS)) end
end
