-- Shared by every script: it stands before each of them when they are loaded.
--
-- KEYS[1] is the base of a partition, a hash tag like {p0}: every key below is built from it, so all of them
-- lie in one slot of a Redis Cluster.
--
--   <partition>:hb:<process>     stands while a worker process lives
--   <partition>:processes        ZSET  process -> its last beat; who may hold something
--   <partition>:pulse, :spared   see `alive`; <partition>:beating   see beat.lua
--   <partition>:fence            the last fence given
--   <partition>:primary          run id of the Redis that beats go to
--   <partition>:epoch            since when (ms) it is the primary, if it was a replica once
--   <partition>:last:<process>   the answer of the process's last turn that changed something, for a repeat
--   <partition>:blamed:<process> stands if the process said why it ended, see `blame`
--   <partition>:dead             LIST  dead letters and records, for the mover
--   <partition>:quarantine       LIST  entries and records that nobody could read
--   <partition>:revived:<death>  stands for a dead letter that was taken again
--   <partition>:grouped          HASH  bot -> its group in some box, for who looks at all groups; '-' in an
--                                      argument stands for no group
--   <partition>:seen:<bot>…      the ids that were seen, see `deliver`
--   <partition>:debts:<bot>      ZSET  user -> when what it owes is paid (µs), see `deliver`
--   <partition>:replicated       written so that replicas can confirm what came before
--   <partition>:sweeper, :mover  locks
--
--   <box>:m:<c>                  LIST  the mailbox of conversation c, its entries
--   <box>:count, :bytes          HASH  bot -> entries and bytes that wait, parked ones left out
--   <box>:parked-count           HASH  bot -> entries of parked conversations
--   <box>:parked-bytes           HASH  bot -> their bytes
--
-- An entry is 6 bytes accept time (ms), 6 bytes due time (ms, 0 = at once), both big endian, then 16 bytes
-- update hash and the sealed envelope.
--
-- A conversation with mail is in exactly one place of its box:
--   <box>:run:<bot>              LIST  ready, nobody holds it
--   <box>:bulk:<bot>             LIST  the same of broadcasts; they go after those of `run`
--   <box>:hold:<process>         HASH  c -> 'fence:position:accept time of the head': held by the process
--   <box>:delayed                ZSET  c -> due time: back-off, a pause of the chat, a user's limit
--   <box>:parked                 ZSET  c -> parked since
--   <box>:reasons                HASH  c -> its bytes in parked-bytes, and why it parked
--
-- What is known of a head that did not go through at once:
--   <box>:trouble                HASH  c -> 'tries crashes crashes-alone interrupted alone
--                                      unreadable-since blamed'
--
-- The rotation, and what keeps a bot out of it:
--   <box>:bots, :bots@<group>    ZSET  bot -> when it was last served (µs): the bots with a ready
--                                      conversation that may run one; a rotation for each group of bots
--   <box>:blocks                 HASH  'cap <bot>' -> most conversations at once
--                                      'paused <bot>' -> until when (ms, 0 = no end)
--                                      'full <bot>' -> its outbox is full
--                                      'group <bot>' -> its group
--   <box>:resume                 ZSET  bot -> end of its pause (ms)
--   <box>:held:<bot>             SET   the conversations held, of a bot with a cap
--   <box>:token, :token@<group>  stands while a token job is outstanding: when it was marked (ms)
--   <box>:lookout, :lookout@<group>  until when (ms) a process that has places looks without a token
local partition = KEYS[1]
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A whole number as an argument: exact, and cheaper than to leave it to Redis, which formats it as a float.
local function text(number)
  return string.format('%d', number)
end
local now_text = text(now)
local now_us = time[1] * 1000000 + time[2]

-- Most values for one command: Lua throws from 8,000 on.
local VALUES_AT_ONCE = 1000

local function bot_of(c)
  return string.match(c, '^[^/]*')
end

local NO_GROUP = '-'

-- The key of a group of bots, where each group has one of its own.
local function of_group(key, group)
  return group == NO_GROUP and key or key .. '@' .. group
end

local function open_box(name)
  local base = partition .. ':mb:' .. name
  return {
    name = name,
    mail = base .. ':m:', run = base .. ':run:', bulk = base .. ':bulk:',
    hold = base .. ':hold:', held = base .. ':held:',
    delayed = base .. ':delayed', parked = base .. ':parked', reasons = base .. ':reasons',
    trouble = base .. ':trouble',
    bots = base .. ':bots', blocks = base .. ':blocks', resume = base .. ':resume', token = base .. ':token',
    lookout = base .. ':lookout',
    count = base .. ':count', bytes = base .. ':bytes',
    parked_count = base .. ':parked-count', parked_bytes = base .. ':parked-bytes',
    tail = {}, touched = {}, group_of = {}, woken = {},
  }
end
local inbox, outbox = open_box('inbox'), open_box('outbox')
local boxes = { inbox = inbox, outbox = outbox }

-- A new entry comes with its sender's time, which stands if it is Redis's within a second: to put another in
-- its place makes a second string of the whole entry, of which Redis's Lua hashes every byte.
local CLOCKS_DIFFER_MS = 1000
local function stamped(entry, due)
  local sent = struct.unpack('>I6', entry)
  if due == 0 and sent > now - CLOCKS_DIFFER_MS and sent < now + CLOCKS_DIFFER_MS then return entry end
  return struct.pack('>I6I6', now, due) .. string.sub(entry, 13)
end

-- When an entry was accepted, and when it is due; what is too short to be an entry is due at once, so that
-- somebody finds out.
local ENTRY_BYTES = 28
local function times_of(entry)
  if #entry < ENTRY_BYTES then return 0, 0 end
  return struct.unpack('>I6I6', entry)
end

-- Until when (ms) the beats of all count as going on; nil = nobody has beaten yet.
local function pulse()
  return tonumber(call('GET', partition .. ':pulse') or '')
end

-- Whether what a process holds is its own. Beats that ran out say so only if somebody's went on: not while
-- Redis was away, and not before all have had the time to beat again.
local function alive(process)
  if call('EXISTS', partition .. ':hb:' .. process) == 1 then return true end
  local until_ms = pulse()
  if not until_ms then return false end
  return until_ms < now or call('EXISTS', partition .. ':spared') == 1
end

-- Fence and position say whose a hold is; of the accept time of what it wrote itself a process knows only its
-- own clock's.
local function is_same_hold(stood, told)
  if stood == told then return true end
  return stood and string.match(stood, '^[^:]+:%d+:') == string.match(told, '^[^:]+:%d+:')
end
