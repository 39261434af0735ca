-- Shared by the scripts of a bot's limits: it is put before each of them when they are loaded, after the
-- clock.
--
-- Keys of one bot (KEYS[1] is their base and carries the bot as hash tag, so that all lie in one Redis
-- Cluster slot). Names are keyed hashes. Everything expires by itself.
--   <bot>:l:<name>     HASH  t theoretical arrival time of a rate (GCRA), b when its bulk began after a
--                            silence, p paused until, n askers refused by the pause; s last slot reserved, d
--                            of those reserved how many give way to replies that came since; r replies a ms
--                            of late, as of u; x, y the last moment in which messages were late, g ms given
--                            away for such moments, as of h
--   <bot>:w:<window>   HASH  a learnt window: r remaining (absent until the first answer), z ends at, c its
--                            size as far as known, s the size as seen in this window, k taken in it, b begun
--                            at, l its length, v 1 = nobody has answered in it yet
--   <bot>:a:<route>    STRING  the platform's bucket that a route counts in. A window is `<bucket or
--                              route>:<rest of its name>`.
--   <bot>:q:<name>, <bot>:e:<name>  ZSET  askers that wait for a rate or window: asker -> ticket, asker ->
--                                         when expected
--   <bot>:health[:<tenant>]  HASH  version of the refused credentials, since, reason, probe = next probe at,
--                                  n askers refused
--   <bot>:bulk  stands while messages of a broadcast leave, and some seconds longer
local base = KEYS[1]

local BULK_MS = 10000
local function note_bulk()
  redis.call('SET', base .. ':bulk', '1', 'PX', BULK_MS)
end

local function window_of(route, rest)
  return (redis.call('GET', base .. ':a:' .. route) or route) .. ':' .. rest
end

local function read_window(window)
  local found = redis.call('HMGET', base .. ':w:' .. window, 'r', 'z', 'c', 's', 'k', 'b', 'l', 'v')
  local names = { 'r', 'z', 'c', 's', 'k', 'b', 'l', 'v' }
  local w = {}
  for i, name in ipairs(names) do
    if found[i] then w[name] = tonumber(found[i]) end
  end
  w.k = w.k or 0
  return w
end

local function write_window(window, w)
  local key = base .. ':w:' .. window
  local args = {}
  for name, value in pairs(w) do
    args[#args + 1] = name
    args[#args + 1] = string.format('%.3f', value)
  end
  redis.call('DEL', key)
  redis.call('HSET', key, unpack(args))
  -- The size is worth remembering for a while after the end.
  redis.call('PEXPIRE', key, math.ceil(math.max((w.z or now) - now, 0)) + 600000)
end

-- The window's time is over: the next one is as large and as long as the last, until an answer says
-- otherwise.
local function next_window(w)
  local size = w.s or w.c
  return { r = size, c = size, k = 0, b = now, z = now + w.l, l = w.l, v = 1 }
end

local function read_rate(limit)
  local key = base .. ':l:' .. limit.name
  local state = redis.call('HMGET', key, 't', 'p', 'b', 's', 'd', 'r', 'u')
  local function number(i) return tonumber(state[i] or 0) end
  limit.tat, limit.paused, limit.begun = number(1), number(2), number(3)
  limit.reserved, limit.displaced = number(4), number(5)
  limit.replies = number(6) * math.exp((number(7) - now) / 10000)
end

-- The theoretical arrival time of a rate after one more message at `at`. Bulk starts slowly: in the first
-- second after a second of silence its slots are a quarter wider. New connections and cold code make first
-- sends arrive late, and a platform that counts arrivals would see them together with what follows a second
-- later.
local function charged(limit, at, bulk)
  local interval = limit.interval
  if bulk and interval < 1000 then
    if limit.tat < at - 1000 then
      limit.begun = at
      redis.call('HSET', base .. ':l:' .. limit.name, 'b', string.format('%.3f', at))
    end
    if at < limit.begun + 1000 then interval = interval * 1.25 end
  end
  return math.max(at, limit.tat) + interval
end

local function write_rate(limit, tat)
  local key = base .. ':l:' .. limit.name
  redis.call('HSET', key, 't', string.format('%.3f', tat))
  redis.call('PEXPIRE', key, math.ceil(math.max(tat, limit.paused) - now) + 1000)
end
