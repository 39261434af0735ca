-- invalidate: one change of many entries and tags; what all processes know of them is void once they have acknowledged it.
--
-- KEYS[1]    the state
-- KEYS[2..]  the entries and tags
-- ARGV[1]    a generation, taken if there is none
-- ARGV[2]    the channel of the notices
-- ARGV[3]    the process that asks: acknowledgements go to its channel
-- ARGV[4]    the names of entries and tags, by commas
-- Returns    { generation, number of the change, 1 = settled, member, its renewals, ... }: see common.lua
return change(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
