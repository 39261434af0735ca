-- sweep: one page of the search for conversations whose wake-up was lost.
--
-- KEYS[1]  base of the box; KEYS[2] base of the shard
-- ARGV     set ('dirty' or 'delayed'), cutoff (Unix ms, 0 = none: the time stamp of the oldest waiting drain job),
--          grace (ms), offset, page size
-- Returns  1 if there may be a further page, else 0; then the conversations to wake
--
-- A conversation is left alone while somebody alive holds it, while it is parked or in its bot's line, and while a job that
-- names it may still wait in the queue: that is, unless it was last woken before the oldest waiting job was (jobs are fetched
-- in order, so such a job has been fetched, or never was). Without that rule a backlog would feed itself.
local set, cutoff, grace = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local offset, page = tonumber(ARGV[4]), tonumber(ARGV[5])
local limit = now - grace
if cutoff > 0 and cutoff < limit then limit = cutoff end

local names = call('ZRANGEBYSCORE', box .. ':' .. set, '-inf', limit, 'WITHSCORES', 'LIMIT', offset, page)
local answer = { #names == page * 2 and 1 or 0 }
for i = 1, #names, 2 do
  local c = names[i]
  local st = box .. ':st:' .. c
  local h, w, due, park = unpack(call('HMGET', st, 'h', 'w', 'due', 'park'))
  local last = math.max(tonumber(names[i + 1]), tonumber(w or '0'), tonumber(due or '0'))
  local in_line = false
  if last < limit and not park and not (h and alive(h)) then
    local bot = bot_of(c)
    in_line = call('ZSCORE', box .. ':line:' .. bot, c) and call('EXISTS', box .. ':held:' .. bot) == 1
    if not in_line then
      call('HSET', st, 'w', now_text)
      answer[#answer + 1] = c
    end
  end
end
return answer
