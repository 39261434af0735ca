-- unpark: an operator's word on a parked conversation.
--
-- KEYS[1]  base of the partition
-- ARGV     box, conversation, 'retry' | 'skip', the head's update hash (16 bytes), dead letter (with 'skip')
-- Returns  'ready' | 'empty' | 'not-parked' | 'changed' (another update is at the head by now), the
--          groups for which to add a token
local box, c, word, hash, letter = boxes[ARGV[1]], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local bot = bot_of(c)
local mailbox = box.mail .. c
if not call('ZSCORE', box.parked, c) then return { 'not-parked', {} } end
local head = call('LINDEX', mailbox, '0')
if head and string.sub(head, 13, 28) ~= hash then return { 'changed', {} } end

call('ZREM', box.parked, c)
call('HDEL', box.trouble, c)
-- Only a share of the bytes, if it parked beside others: it goes back as it came.
local share = tonumber(string.match(call('HGET', box.reasons, c) or '0', '^%d+'))
call('HDEL', box.reasons, c)
local n = call('LLEN', mailbox)
if call('HINCRBY', box.parked_count, bot, text(-n)) <= 0 then
  call('HDEL', box.parked_count, bot)
  call('HDEL', box.parked_bytes, bot)
else
  call('HINCRBY', box.parked_bytes, bot, text(-share))
end
if head and word == 'skip' then
  call('RPUSH', partition .. ':dead', letter)
  call('LPOP', mailbox)
  n = n - 1
  share = share - #head
end
if n <= 0 then return { 'empty', {} } end
call('HINCRBY', box.count, bot, text(n))
call('HINCRBY', box.bytes, bot, text(share))
ready_first(box, c)
flush_ready(box)
return { 'ready', want_tokens(box, { [group_of(box, bot)] = true }) }
