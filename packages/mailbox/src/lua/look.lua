-- look: whether a box has work that a worker process with free places could take now, and whether a token says so.
--
-- KEYS[1]  base of the partition
-- ARGV     box, 'mark' = mark a token as outstanding from now on
-- Returns  1 = there is work; age of the token's mark (ms), -1 = none is outstanding
local box = boxes[ARGV[1]]
local function any_due(key)
  return call('ZCOUNT', key, '-inf', now_text) > 0
end
local work = call('ZCARD', box.bots) > 0 or any_due(box.delayed) or any_due(box.resume)
local marked = tonumber(call('GET', box.token) or '')
if ARGV[2] == 'mark' then call('SET', box.token, now_text, 'PX', text(TOKEN_MS)) end
return { work and 1 or 0, marked and math.max(0, now - marked) or -1 }
