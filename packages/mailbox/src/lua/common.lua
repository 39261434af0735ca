-- Shared by every script: it is put before each of them when they are loaded.
--
-- Keys of one box (KEYS[1] is its base, KEYS[2] the shard's base; both carry the shard's hash tag, so that every key
-- built from them lies in the same Redis Cluster slot):
--   <box>:m:<c>     LIST  the mailbox of conversation c. An entry is 6 bytes accept time (ms), 6 bytes due time (ms, 0 = at
--                         once), both big endian, then the blob: 16 bytes update hash, sealed envelope.
--   <box>:st:<c>    HASH  h holder (process), f fence, p position since the claim (none = 0), t failed tries, c crashes of holders,
--                         a crashes while claimed alone, s 1 = claimed alone, due, w last release or sweep, park reason,
--                         u first time nobody could read the head, k 1 = counted against the bot's concurrency.
--                         Exists only while the mailbox has mail.
--   <box>:dirty     ZSET  c -> accept time of the head: everything that should be worked off now
--   <box>:delayed   ZSET  c -> due time: waiting for a back-off, a pause or a user's limit
--   <box>:parked    ZSET  c -> parked since: waiting for an operator
--   <box>:count, <box>:bytes  HASH  bot -> waiting updates, waiting bytes
--   <box>:held:<bot> SET, <box>:line:<bot> ZSET  conversations running and in line, of a bot with a concurrency cap
--   <shard>:hb:<process>  a live worker process;  <shard>:pulse  until when (ms) somebody's last beat is news;
--   <shard>:spared  while it stands nobody is taken over;  <shard>:fence  the last fence given;  <shard>:dead  LIST of dead letters
--
-- What runs for every update is written for speed (0008-the-mailbox-scripts-count-their-calls): a call of redis.call costs
-- more than most commands do, so what can wait for the script's end goes there as one command for all; and a number costs
-- more to hand over than a string, hence the `text` of those that are handed over again and again.
local box, shard = KEYS[1], KEYS[2]
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A whole number as an argument: exact, and cheaper than to leave it to Redis, which formats it as a float.
local function text(number)
  return string.format('%d', number)
end
local now_text = text(now)

-- A new entry comes with its sender's time, which stands if it is Redis's within a second: to put another in its place makes a
-- second string of the whole entry, of which Redis's Lua hashes every byte.
local CLOCKS_DIFFER_MS = 1000
local function stamped(entry, due)
  local sent = struct.unpack('>I6', entry)
  if due == 0 and sent > now - CLOCKS_DIFFER_MS and sent < now + CLOCKS_DIFFER_MS then return entry end
  return struct.pack('>I6I6', now, due) .. string.sub(entry, 13)
end

local function bot_of(c)
  return string.match(c, '^[^/]*')
end

-- Whether what a process holds is its own. Beats that ran out say so only if somebody's went on: not while Redis was away, and not
-- before all have had the time to beat again.
local function alive(process)
  if call('EXISTS', shard .. ':hb:' .. process) == 1 then return true end
  local pulse = tonumber(call('GET', shard .. ':pulse') or '')
  if not pulse then return false end
  return pulse < now or call('EXISTS', shard .. ':spared') == 1
end

-- Gives up a place under the bot's concurrency cap; returns the next conversation in line, to be woken.
local function give_place(c, counted)
  if counted then
    local bot = bot_of(c)
    call('SREM', box .. ':held:' .. bot, c)
    local next_in_line = call('ZPOPMIN', box .. ':line:' .. bot)
    return next_in_line[1]
  end
end

-- Ends a hold on a conversation that has mail; returns as give_place does.
local function free(c, counted)
  call('HDEL', box .. ':st:' .. c, 'h', 'f', 'p', 's', 'k')
  return give_place(c, counted)
end

-- Puts a conversation aside until `due`.
local function delay(c, due)
  call('HSET', box .. ':st:' .. c, 'due', text(due))
  call('ZREM', box .. ':dirty', c)
  call('ZADD', box .. ':delayed', text(due), c)
end
