-- learn: what an answer told about the platform's windows.
--
-- Sends that are under way are not in what the platform counted when it answered, but they are in what take
-- counted: so an answer lowers what remains and does not raise it, unless it shows a larger size or a window
-- that nobody here began.
--
-- KEYS[1]  base of the bot
-- ARGV     when the send was taken (Redis's time), then five for each window: route, rest, bucket or '',
--          remaining, ms to its end
-- Returns  nothing
local taken_at = tonumber(ARGV[1])

local function under_bucket(route, rest, bucket)
  local old = window_of(route, rest)
  if bucket == '' then return old end
  local window = bucket .. ':' .. rest
  redis.call('SET', base .. ':a:' .. route, bucket, 'PX', 86400000)
  if old == window then return window end
  -- What was taken on this route before its bucket was known counts there.
  local before = read_window(old)
  if before.k > 0 then
    local w = read_window(window)
    w.k = w.k + before.k
    w.b = w.b or before.b
    if w.r then w.r = math.max(w.r - before.k, 0) end
    write_window(window, w)
    redis.call('DEL', base .. ':w:' .. old)
  end
  return window
end

for i = 2, #ARGV, 5 do
  local window = under_bucket(ARGV[i], ARGV[i + 1], ARGV[i + 2])
  local remaining, length = tonumber(ARGV[i + 3]), tonumber(ARGV[i + 4])
  local ends = now + length
  local w = read_window(window)
  if not w.r then
    w.k = math.max(w.k, 1)
    w = {
      r = math.max(math.min(remaining, remaining + 1 - w.k), 0),
      c = remaining + 1,
      s = remaining + 1,
      k = w.k,
      b = w.b or now,
      l = length,
      z = ends,
    }
    write_window(window, w)
  elseif ends > w.z + math.max(1000, w.l / 2) then
    -- Another window than the one that was known, begun by somebody else or earlier than expected.
    write_window(window, {
      r = remaining,
      c = math.max(w.s or w.c, remaining + 1),
      s = remaining + 1,
      k = 1,
      b = now,
      l = math.max(w.l, length),
      z = ends,
    })
  elseif now < w.z and not (taken_at < w.b and ends < w.b + w.l / 2) then
    -- (The condition left out answers that are late: to sends of a window that is over.)
    local size = remaining + 1
    if size > w.c then
      w.r = w.r + size - w.c
      w.c = size
    end
    w.s = math.max(w.s or 0, size)
    w.r = math.max(math.min(w.r, remaining), 0)
    -- Each answer was on its way for a while: the earliest end told is the nearest to the truth.
    if w.v then
      w.z, w.l, w.v = ends, length, nil
    else
      w.z, w.l = math.min(w.z, ends), math.max(w.l, length)
    end
    write_window(window, w)
  end
end
