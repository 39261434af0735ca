-- Pick: names ready conversations, fair over bots: one bot after the other, in the order of the rotation.
-- Part of `turn`.
local BOTS_A_ROUND = 64
local BOTS_LOOKED_AT = 256

-- Pops up to `wanted` names of a bot, replies before broadcasts; the second answer is whether it has more.
local function pop_ready(box, bot, wanted)
  local names = call('LPOP', box.run .. bot, text(wanted)) or {}
  if #names < wanted then
    for _, c in ipairs(call('LPOP', box.bulk .. bot, text(wanted - #names)) or {}) do names[#names + 1] = c end
  end
  return names, #names == wanted and has_ready(box, bot)
end

-- The next bots in the rotations of some groups, in turn; rotation[bot] is where it stands.
local function next_bots(box, groups, most, rotation)
  local bots = {}
  for group in pairs(groups) do
    local key = rotation_of(box, group)
    for n, bot in ipairs(call('ZRANGE', key, '0', text(most - 1))) do
      rotation[bot] = key
      bots[#bots + 1] = { bot = bot, n = n }
    end
  end
  table.sort(bots, function(a, b) return a.n < b.n or (a.n == b.n and a.bot < b.bot) end)
  local names = {}
  for i = 1, math.min(most, #bots) do names[i] = bots[i].bot end
  return names
end

-- Names from the rotations of some groups: a share of `general` for each bot, and one of the `kept` places
-- for a bot that is not `busy`.
local function pick(box, groups, general, kept, busy)
  local names, rotation, out, served = {}, {}, {}, {}
  local function note(list, bot, ...)
    local key = rotation[bot]
    list[key] = list[key] or {}
    for _, value in ipairs({ ... }) do list[key][#list[key] + 1] = value end
  end
  local served_bots = 0
  local function take(bot, wanted)
    local cap = tonumber(call('HGET', box.blocks, 'cap ' .. bot) or '')
    if cap then wanted = math.min(wanted, cap - call('SCARD', box.held .. bot)) end
    local got, more = {}, true
    if wanted > 0 then got, more = pop_ready(box, bot, wanted) end
    if cap and #got > 0 then call('SADD', box.held .. bot, unpack(got)) end
    if not more or (cap and call('SCARD', box.held .. bot) >= cap) then
      note(out, bot, bot)
    else
      note(served, bot, text(now_us + served_bots), bot)
      served_bots = served_bots + 2
    end
    for _, c in ipairs(got) do names[#names + 1] = c end
    return #got
  end
  local function flush()
    for key, bots in pairs(out) do call('ZREM', key, unpack(bots)) end
    for key, bots in pairs(served) do call('ZADD', key, 'XX', unpack(bots)) end
    out, served, served_bots = {}, {}, 0
  end
  while general > 0 do
    local bots = next_bots(box, groups, BOTS_A_ROUND, rotation)
    if #bots == 0 then break end
    local share = math.max(1, math.floor(general / #bots))
    for _, bot in ipairs(bots) do
      local got = general > 0 and take(bot, math.min(share, general)) or 0
      general = general - got
      if got > 0 then busy[bot] = true end
    end
    flush()
  end
  if kept > 0 then
    for _, bot in ipairs(next_bots(box, groups, BOTS_LOOKED_AT, rotation)) do
      if kept > 0 and not busy[bot] then kept = kept - take(bot, 1) end
    end
    flush()
  end
  return names
end
