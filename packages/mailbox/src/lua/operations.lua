-- Operations: what becomes of the heads of conversations that a process holds, in one step with their
-- replies. Part of `turn`.
--
-- An operation is a line of eleven words:
--   box         i | o
--   conversation
--   hold        'fence:position:accept time', of which fence and position must be Redis's
--   verb        see dispositions.lua
--   argument1, argument2   '-' = none
--   wanted      most further entries to answer
--   bytes       size of the head
--   troubled    1 = something is in `trouble`
--   replies     how many of the blobs are this operation's replies
--   grant       1 = a place to send is reserved: hold the outbox, if it is free, for the process
-- The answer of an operation is a code, for `held` a list of the code and the next entries.
local EMPTY, RELEASED, PARKED, DELAYED, REFUSED, HELD = 0, 1, 2, 3, 4, 5
local GRANTED = 16
local OPERATION = '(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)\n'

local process = ARGV[1]
local byte_budget = tonumber(ARGV[4])
local outbox_count, outbox_bytes = tonumber(ARGV[5]), tonumber(ARGV[6])

local function read_operations(lines, next_blob)
  local operations = {}
  for b, c, hold, verb, argument1, argument2, wanted, bytes, troubled, replies, grant in
    string.gmatch(lines, OPERATION)
  do
    local blobs = tonumber(replies)
    operations[#operations + 1] = {
      box = b == 'i' and inbox or outbox, c = c, bot = bot_of(c), hold = hold, verb = verb,
      argument1 = argument1, argument2 = argument2, wanted = tonumber(wanted), bytes = tonumber(bytes),
      troubled = troubled == '1', first = next_blob, replies = blobs, grant = grant == '1',
    }
    next_blob = next_blob + blobs
  end
  return operations
end

-- Reads what the operations of a box need to know of all of them.
local function begin_settle(box, operations)
  box.holds, box.unheld, box.reheld, box.emptied = {}, {}, {}, {}
  box.count_change, box.bytes_change, box.capped, box.ended = {}, {}, {}, 0
  if #operations == 0 then return end
  local names, caps, bots = {}, {}, {}
  for i, operation in ipairs(operations) do
    names[i] = operation.c
    if box.capped[operation.bot] == nil then
      box.capped[operation.bot] = false
      bots[#bots + 1] = operation.bot
      caps[#caps + 1] = 'cap ' .. operation.bot
    end
  end
  for i, hold in ipairs(call('HMGET', box.hold .. process, unpack(names))) do box.holds[names[i]] = hold end
  for i, cap in ipairs(call('HMGET', box.blocks, unpack(caps))) do box.capped[bots[i]] = cap and true or false end
end

-- Since when (ms) this Redis is the primary, if it was a replica once: what lay in the outbox before may have
-- been sent by a holder that was lost with the primary before. Nil for the inbox.
local epoch
local function epoch_of(box)
  if box ~= outbox then return nil end
  if epoch == nil then epoch = tonumber(call('GET', partition .. ':epoch') or '') or false end
  return epoch
end

local function add(sums, bot, n)
  sums[bot] = (sums[bot] or 0) + n
end

local function end_hold(box, operation)
  box.holds[operation.c] = false
  box.unheld[#box.unheld + 1] = operation.c
  box.ended = box.ended + 1
  if box.capped[operation.bot] then
    call('SREM', box.held .. operation.bot, operation.c)
    box.touched[operation.bot] = true
  end
end

local function fence_and_position(hold)
  local fence, position = string.match(hold, '^([^:]+):(%d+):')
  return fence, tonumber(position)
end
