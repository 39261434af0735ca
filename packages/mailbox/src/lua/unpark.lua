-- unpark: an operator's word on a parked conversation.
--
-- KEYS[1]  base of the box; KEYS[2] base of the shard
-- ARGV     conversation, 'retry' | 'skip', the head's update hash (16 bytes), dead letter (with 'skip')
-- Returns  'ready' (has mail, wake it) | 'empty' | 'not-parked' | 'changed' (another update is at the head by now)
local c, word, hash, letter = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local st = box .. ':st:' .. c
local mailbox = box .. ':m:' .. c
if redis.call('HEXISTS', st, 'park') == 0 then return 'not-parked' end
local head = redis.call('LINDEX', mailbox, 0)
if head and string.sub(head, 13, 28) ~= hash then return 'changed' end
redis.call('HDEL', st, 'park', 't', 'c', 'a', 's', 'u', 'due')
redis.call('ZREM', box .. ':parked', c)
if head and word == 'skip' then
  redis.call('RPUSH', shard .. ':dead', letter)
  redis.call('LPOP', mailbox)
  redis.call('HINCRBY', box .. ':count', bot_of(c), -1)
  redis.call('HINCRBY', box .. ':bytes', bot_of(c), -#head)
  head = redis.call('LINDEX', mailbox, 0)
end
if not head then
  redis.call('DEL', st)
  return 'empty'
end
redis.call('HSET', st, 'w', now)
redis.call('ZADD', box .. ':dirty', (struct.unpack('>I6I6', head)), c)
return 'ready'
