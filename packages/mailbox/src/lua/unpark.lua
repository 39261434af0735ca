-- unpark: an operator's word on a parked conversation.
--
-- KEYS[1]  base of the box; KEYS[2] base of the shard
-- ARGV     conversation, 'retry' | 'skip', the head's update hash (16 bytes), dead letter (with 'skip')
-- Returns  'ready' (has mail, wake it) | 'empty' | 'not-parked' | 'changed' (another update is at the head by now)
local c, word, hash, letter = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local st = box .. ':st:' .. c
local mailbox = box .. ':m:' .. c
if call('HEXISTS', st, 'park') == 0 then return 'not-parked' end
local head = call('LINDEX', mailbox, 0)
if head and string.sub(head, 13, 28) ~= hash then return 'changed' end
call('HDEL', st, 'park', 't', 'c', 'a', 's', 'u', 'due')
call('ZREM', box .. ':parked', c)
if head and word == 'skip' then
  call('RPUSH', shard .. ':dead', letter)
  call('LPOP', mailbox)
  call('HINCRBY', box .. ':count', bot_of(c), -1)
  call('HINCRBY', box .. ':bytes', bot_of(c), -#head)
  head = call('LINDEX', mailbox, 0)
end
if not head then
  call('DEL', st)
  return 'empty'
end
call('HSET', st, 'w', now_text)
call('ZADD', box .. ':dirty', text((struct.unpack('>I6I6', head))), c)
return 'ready'
