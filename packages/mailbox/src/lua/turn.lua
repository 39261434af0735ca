-- turn: all that a worker process has to say to a partition at once: what it settles, and what it has room
-- for. Behind common, lookout, places, operations, pop, dispositions, settle, pick and claim: see scripts.ts.
--
-- KEYS[1]  base of the partition
-- ARGV[1]  process
-- ARGV[2]  number of the turn
-- ARGV[3]  operations, see operations.lua
-- ARGV[4]  most bytes to answer
-- ARGV[5]  most entries in the outbox of a bot
-- ARGV[6]  most bytes there
-- ARGV[7]  claim of the inbox
-- ARGV[8]  claim of the outbox
-- ARGV[9…] the operations' blobs in order
--          A claim is '-' (none) or 'free keep tokens suspect lookout groups bot bot …': places free, places
--          of them and of those that this turn frees for bots that are not busy, the groups for which token
--          jobs ask ('.' = none), 1 = a suspect may be held, for how long (ms) the process would look by
--          itself, the groups that it runs, the busy bots. Groups are joined by commas.
-- Returns  { answers of the operations, claim of the inbox, claim of the outbox }, see operations.lua and
--          claim.lua; for a claim that was not asked 0, or { groups for which to add a token }: what was
--          settled made work for somebody else
--
-- Safe to repeat: a turn of the same number was answered before, and is answered from what was kept of that
-- answer. One that settled nothing, took nothing and asked for no token may run twice: nothing is kept of it.
local LAST_MS = 600000
local FIRST_BLOB = 9
-- What a claim answers before the names.
local CLAIM_WORDS = 5
local last_key = partition .. ':last:' .. process

local function read_set(words, each)
  local set = {}
  for word in string.gmatch(words, each) do set[word] = true end
  return set
end

local function read_claim(words)
  if words == '-' then return nil end
  local free, keep, tokens, suspect, lookout, groups, bots =
    string.match(words, '^(%d+) (%d+) (%S+) (%d) (%d+) (%S+)(.*)$')
  return {
    free = tonumber(free), keep = tonumber(keep), suspect = suspect == '1',
    lookout = tonumber(lookout),
    tokens = read_set(tokens == '.' and '' or tokens, '[^,]+'), groups = read_set(groups, '[^,]+'),
    busy = read_set(bots, '%S+'),
  }
end

local operations = read_operations(ARGV[3], FIRST_BLOB)
local asked = { inbox = read_claim(ARGV[7]), outbox = read_claim(ARGV[8]) }

-- What a repeated turn is answered: the codes as they were, and as many entries, if the process still holds
-- them.
local function repeated(kept)
  local codes, counts, claims = unpack(kept)
  local answers = {}
  for i, code in ipairs(codes) do
    local operation = operations[i]
    local box = operation.box
    if code >= GRANTED and call('HEXISTS', outbox.hold .. process, operation.c) == 0 then code = code - GRANTED end
    answers[i] = code
    if code % GRANTED == HELD then
      if call('HEXISTS', box.hold .. process, operation.c) == 0 then
        answers[i] = REFUSED
      elseif counts[i] > 0 then
        answers[i] = { code, unpack(call('LRANGE', box.mail .. operation.c, '0', text(counts[i] - 1))) }
      else
        answers[i] = { code }
      end
    end
  end
  local result = { answers }
  for n, box in ipairs({ inbox, outbox }) do
    local claim_kept = claims[n]
    if type(claim_kept) == 'number' or #claim_kept == 1 then
      result[n + 1] = claim_kept
    else
      local answer = { unpack(claim_kept, 1, CLAIM_WORDS) }
      for i = CLAIM_WORDS + 1, #claim_kept do
        local c = claim_kept[i]
        local hold = call('HGET', box.hold .. process, c)
        local head = hold and call('LINDEX', box.mail .. c, '0')
        -- A gap keeps the fences of the others where they are.
        answer[#answer + 1] = c
        answer[#answer + 1] = call('HGET', box.trouble, c) or 0
        answer[#answer + 1] = head or false
      end
      result[n + 1] = answer
    end
  end
  return result
end

local last = call('GET', last_key)
if last then
  local number, kept = string.match(last, '^(%d+) (.*)$')
  if number == ARGV[2] then return repeated(cmsgpack.unpack(kept)) end
end

local of_box = { [inbox] = {}, [outbox] = {} }
for _, operation in ipairs(operations) do
  local list = of_box[operation.box]
  list[#list + 1] = operation
end
begin_settle(inbox, of_box[inbox])
begin_settle(outbox, of_box[outbox])

-- The outbox first: a mailbox that it empties is gone before replies are appended to it.
local sums_of = {}
for _, box in ipairs({ outbox, inbox }) do
  for _, operation in ipairs(of_box[box]) do
    operation.answer = settle(operation)
    if box == outbox or operation.replies > 0 then sums_of[operation.bot] = true end
  end
  flush_settle(box)
end
for _, box in ipairs({ outbox, inbox }) do
  if #box.reheld > 0 then call('HSET', box.hold .. process, unpack(box.reheld)) end
  change_sums(box)
end
keep_outbox_bounds(sums_of)
local has_become_ready = { [outbox] = flush_ready(outbox), [inbox] = flush_ready(inbox) }

local answers, codes, counts = {}, {}, {}
for i, operation in ipairs(operations) do
  local answer = operation.answer
  answers[i] = answer
  codes[i] = type(answer) == 'table' and answer[1] or answer
  counts[i] = type(answer) == 'table' and #answer - 1 or 0
end
local result, kept_claims = { answers, 0, 0 }, { 0, 0 }
local must_keep = #operations > 0
-- What is begun first: replies before updates.
for _, n in ipairs({ 2, 1 }) do
  local box = n == 2 and outbox or inbox
  if asked[box.name] then
    local answer = claim(box, asked[box.name])
    local names = { unpack(answer, 1, CLAIM_WORDS) }
    for i = CLAIM_WORDS + 1, #answer, 3 do names[#names + 1] = answer[i] end
    must_keep = must_keep or box.has_picked or #answer[3] > 0
    result[n + 1], kept_claims[n] = answer, names
  elseif has_become_ready[box] then
    result[n + 1] = { want_tokens(box, box.woken) }
    kept_claims[n] = result[n + 1]
  end
end
if must_keep then
  call('SET', last_key, ARGV[2] .. ' ' .. cmsgpack.pack({ codes, counts, kept_claims }), 'PX', text(LAST_MS))
end
return result
