-- Lookouts: a process with free places that was just at work promises to look by itself for what becomes
-- ready, and until then no token is needed. Promises are short: what became ready meanwhile is found by the
-- next token or the sweeper if the process dies.

local function lookout_of(box, group)
  return of_group(box.lookout, group)
end

-- How long a promise's key stays (ms): the sweeper asks when it ended. The promise ends long before.
local LOOKOUT_KEPT_MS = 600000

-- What a claim means for the promise of its process: if it took something and has places left it looks by
-- itself, for as long as it asked; without places it looks no more. Answers for how long (ms), 0 if a promise
-- of before stands as it is, -1 if there is none now.
local function lookout_after(box, asked, claimed, is_full)
  if is_full then
    for group in pairs(asked.groups) do call('DEL', lookout_of(box, group)) end
    return -1
  end
  if claimed == 0 or asked.lookout == 0 then return 0 end
  for group in pairs(asked.groups) do
    call('SET', lookout_of(box, group), text(now + asked.lookout), 'PX', text(LOOKOUT_KEPT_MS))
  end
  return asked.lookout
end

-- No promise is longer (ms). One that ends later was made before the clock was set back, and does not count.
local MAX_LOOKOUT_MS = 1000

-- Until when (ms) some process promised to look by itself for what becomes ready; nil = nobody did.
local function looked_for_until(box, group)
  local until_ms = tonumber(call('GET', lookout_of(box, group)) or '')
  return until_ms and until_ms <= now + MAX_LOOKOUT_MS and until_ms or nil
end

local function is_looked_for(box, group)
  return (looked_for_until(box, group) or 0) > now
end
