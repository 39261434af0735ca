-- confirm: whether a process holds conversations of the outbox, and a write that replicas can confirm after
-- everything before it.
--
-- KEYS[1]  base of the partition
-- ARGV     process, then per conversation: name, hold
-- Returns  per conversation: 1 = held so, 0 = not
local process = ARGV[1]
call('SET', partition .. ':replicated', now_text)
local names, answers = {}, {}
for i = 2, #ARGV, 2 do names[#names + 1] = ARGV[i] end
for i, stood in ipairs(call('HMGET', outbox.hold .. process, unpack(names))) do
  answers[i] = is_same_hold(stood, ARGV[i * 2 + 1]) and 1 or 0
end
return answers
