-- revive: a dead letter is taken again by its conversation, behind what waits there.
--
-- KEYS[1]  base of the partition
-- ARGV     box, conversation, entry, ms until it is due (0 = at once), the name of its death, how long that
--          is remembered (ms)
-- Returns  1 = revived, 0 = it was already; the groups that tokens are to be added for
--
-- Safe to repeat: a death is revived once.
local box, c, entry, wait_ms, death = boxes[ARGV[1]], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
if not call('SET', partition .. ':revived:' .. death, '1', 'NX', 'PX', ARGV[6]) then return { 0, {} } end

local bot = bot_of(c)
local due = wait_ms > 0 and now + wait_ms or 0
local length = call('RPUSH', box.mail .. c, stamped(entry, due))
if call('ZSCORE', box.parked, c) then
  add_parked(box, c, 1, #entry)
else
  call('HINCRBY', box.count, bot, '1')
  call('HINCRBY', box.bytes, bot, text(#entry))
end
if length == 1 and due > 0 then
  delay(box, c, due)
elseif length == 1 then
  ready(box, c)
end
flush_ready(box)
return { 1, want_tokens(box, { [group_of(box, bot)] = true }) }
