-- Lookouts: a process with free places that was just at work promises to look by itself for what becomes
-- ready, and until then no token is needed. Promises are short: what became ready meanwhile is found by the
-- next token or the sweeper if the process dies.

local function lookout_of(box, group)
  return group == NO_GROUP and box.lookout or box.lookout .. '@' .. group
end

-- How long a promise is kept, so that no key stays for ever.
local LOOKOUT_KEPT_MS = 600000

-- Until when this process looks by itself for what becomes ready; without places it looks no more.
local function promise_to_look(box, groups, ms)
  for group in pairs(groups) do
    if ms > 0 then
      call('SET', lookout_of(box, group), text(now + ms), 'PX', text(LOOKOUT_KEPT_MS))
    else
      call('DEL', lookout_of(box, group))
    end
  end
end

-- No process may promise to look for longer (ms): of a time beyond it the clock was set back since.
local MAX_LOOKOUT_MS = 1000

-- Whether a process that has places looks by itself for what is ready.
local function is_looked_for(box, group)
  local until_ms = tonumber(call('GET', lookout_of(box, group)) or '')
  return until_ms ~= nil and until_ms > now and until_ms <= now + MAX_LOOKOUT_MS
end
