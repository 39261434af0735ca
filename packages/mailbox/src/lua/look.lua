-- look: which groups of bots have work in a box that a worker process with free places could take now, and
-- whether a token says so. What is due becomes ready.
--
-- KEYS[1]  base of the partition
-- ARGV     box, with 'mark' and a group: mark a token as outstanding from now on;
--          with 'leave' and groups: who promised to look by itself for their work looks no more
-- Returns  group, 1 = there is work, how long ago (ms) somebody was told: a token was marked, or a promise to
--          look by itself ended (0 = it stands; -1 = nobody was), … in turn; after 'leave' the groups for
--          which to add a token
local box = boxes[ARGV[1]]
if ARGV[2] == 'mark' then
  call('SET', token_of(box, ARGV[3]), now_text, 'PX', text(TOKEN_MS))
  return {}
end
if ARGV[2] == 'leave' then
  local groups = {}
  for i = 3, #ARGV do
    groups[ARGV[i]] = true
    call('DEL', lookout_of(box, ARGV[i]))
  end
  return want_tokens(box, groups)
end
move_due(box)
local answer = {}
local function look(group)
  local told = tonumber(call('GET', token_of(box, group)) or '') or looked_for_until(box, group)
  answer[#answer + 1] = group
  answer[#answer + 1] = text(call('EXISTS', rotation_of(box, group)))
  -- A mark of a time to come is of before the clock was set back: nobody knows how old it is.
  if told and told > now + CLOCKS_DIFFER_MS then told = now - TOKEN_MS end
  answer[#answer + 1] = text(told and math.max(0, now - told) or -1)
end
look(NO_GROUP)
local looked = {}
for _, group in ipairs(call('HVALS', partition .. ':grouped')) do
  if not looked[group] then look(group) end
  looked[group] = true
end
return answer
