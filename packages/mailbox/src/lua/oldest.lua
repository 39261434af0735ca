-- oldest: the accept time of each bot's oldest update that is ready or held, as far as it shows at the front
-- of its line.
--
-- KEYS[1]  base of the partition
-- ARGV     box, most bots, most holds of a process
-- Returns  bot, accept time (Unix ms), … in turn
local box, max_bots, max_holds = boxes[ARGV[1]], tonumber(ARGV[2]), tonumber(ARGV[3])
local oldest = {}
local function note(bot, accepted)
  if accepted and (not oldest[bot] or accepted < oldest[bot]) then oldest[bot] = accepted end
end

local bots = call('HKEYS', box.count)
for i = 1, math.min(#bots, max_bots) do
  for _, list in ipairs({ box.run, box.bulk }) do
    local c = call('LINDEX', list .. bots[i], '0')
    local head = c and call('LINDEX', box.mail .. c, '0')
    if head then note(bots[i], (times_of(head))) end
  end
end
for _, process in ipairs(call('ZRANGE', partition .. ':processes', '0', '255')) do
  local holds = call('HSCAN', box.hold .. process, '0', 'COUNT', text(max_holds))[2]
  for i = 1, #holds, 2 do note(bot_of(holds[i]), tonumber(string.match(holds[i + 1], '(%d+)$'))) end
end

local answer = {}
for bot, accepted in pairs(oldest) do
  answer[#answer + 1] = bot
  answer[#answer + 1] = text(accepted)
end
return answer
