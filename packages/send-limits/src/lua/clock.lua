-- The time by Redis, ms with fractions: one clock for all processes. Put before each script; tests put
-- another in its place.
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
