-- Seen ids: which updates of a bot are stored already. Part of `deliver`.
--
-- Per bot a list of generations; each is 2^k buckets (Redis sets of 64-bit integers, compact up to 512
-- members). The newest takes new ids, all are asked. A generation closes when it is older than the window or
-- its buckets are full (the next has 16 times as many), and is forgotten a window after it closed. Bucket and
-- member come from different bits of the hash, so a new update is taken for a duplicate with a chance of at
-- most 512 / 2^64 a generation (decision 3).
local BUCKET_FILL = 400
local GROWTH_BITS = 4
local MAX_BITS = 20
-- From that many ids a bucket on, none is empty any more (chance e^-20), so none needs to be given its life.
local SETTLED_FILL = 20
local GENERATION = '(%d+):(%d+):(%d+):(%d*);' -- id, bits, opened (ms), closed (ms)

local function write_generations(base, generations, window)
  local list = {}
  for _, g in ipairs(generations) do
    local closed = g.closed and text(g.closed) or ''
    list[#list + 1] = string.format('%d:%d:%d:%s;', g.id, g.bits, g.opened, closed)
  end
  call('HSET', base, 'g', table.concat(list), 'n', 0)
  call('PEXPIRE', base, window * 2)
end

-- The generation after `newest`, which holds n ids.
local function next_generation(newest, n)
  if not newest then return { id = 1, bits = 0, size = 1, opened = now } end
  newest.closed = newest.closed or now
  local bits = newest.bits
  if n > BUCKET_FILL * newest.size then bits = math.min(bits + GROWTH_BITS, MAX_BITS) end
  -- Traffic that fell by more than a growth step gets fewer buckets again: an empty bucket costs as much as
  -- many ids.
  while bits >= GROWTH_BITS and n * 32 < BUCKET_FILL * 2 ^ bits do bits = bits - GROWTH_BITS end
  return { id = newest.id + 1, bits = bits, size = 2 ^ bits, opened = now }
end

-- Reads a bot's generations, and opens the next one if it is time.
local function open_seen(bot_id, window)
  local base = partition .. ':seen:' .. bot_id
  local meta = call('HMGET', base, 'g', 'n')
  local generations, newest = {}, nil
  for id, bits, opened, closed in string.gmatch(meta[1] or '', GENERATION) do
    newest = {
      id = id, size = 2 ^ tonumber(bits), bits = tonumber(bits), opened = tonumber(opened),
      closed = tonumber(closed),
    }
    if not newest.closed or newest.closed + window > now then generations[#generations + 1] = newest end
  end
  local n = tonumber(meta[2] or '0')
  local is_old = not newest or newest.opened + window <= now
  if is_old or (n > BUCKET_FILL * newest.size and newest.bits < MAX_BITS) then
    newest = next_generation(newest, n)
    generations[#generations + 1] = newest
    write_generations(base, generations, window)
    n = 0
  end
  local older = {}
  for i, generation in ipairs(generations) do
    generation.key = base .. ':' .. text(generation.id) .. (generation.size > 1 and ':' or '')
    if i < #generations then table.insert(older, 1, generation) end
  end
  return {
    base = base, newest = newest, older = older, is_young = n < SETTLED_FILL * newest.size,
    -- A bucket lives from its first member until its generation must be forgotten: opened + window at the
    -- latest it closes, a window later it goes.
    forgotten_at = text(newest.opened + 2 * window),
  }
end

local function bucket(generation, entry)
  local size = generation.size
  if size == 1 then return generation.key end
  return generation.key .. text(struct.unpack('>I4', entry, 21) % size)
end

local function in_older(seen, member, entry)
  for _, generation in ipairs(seen.older) do
    if call('SISMEMBER', bucket(generation, entry), member) == 1 then return true end
  end
  return false
end

local function was_seen(seen, member, entry)
  return call('SISMEMBER', bucket(seen.newest, entry), member) == 1 or in_older(seen, member, entry)
end

-- Counts what was remembered, for the size of the next generation.
local function write_seen(seen, n)
  if n > 0 then call('HINCRBY', seen.base, 'n', text(n)) end
end

-- Remembers an id; true if it was seen before.
local function remember(seen, member, entry)
  local key = bucket(seen.newest, entry)
  if call('SADD', key, member) == 0 then return true end
  if seen.is_young and call('SCARD', key) == 1 then call('PEXPIREAT', key, seen.forgotten_at) end
  return in_older(seen, member, entry)
end
