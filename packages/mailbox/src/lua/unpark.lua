-- unpark: an operator's word on a parked conversation.
--
-- KEYS[1]  base of the partition
-- ARGV     box, conversation, 'retry' | 'skip', the head's update hash (16 bytes), dead letter (with 'skip')
-- Returns  'ready' | 'empty' | 'not-parked' | 'changed' (another update is at the head by now), the
--          groups for which to add a token; the same of the inbox, if it goes on with its replies
local box, c, word, hash, letter = boxes[ARGV[1]], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local bot = bot_of(c)
local mailbox = box.mail .. c
if not call('ZSCORE', box.parked, c) then return { 'not-parked', {}, {} } end
local head = call('LINDEX', mailbox, '0')
if head and string.sub(head, 13, 28) ~= hash then return { 'changed', {}, {} } end

-- Answers its entries and its bytes: only a share, if it parked beside others, which goes back as it came.
local function leave_parked(from)
  call('ZREM', from.parked, c)
  local share = tonumber(string.match(call('HGET', from.reasons, c) or '0', '^%d+'))
  call('HDEL', from.reasons, c)
  local n = call('LLEN', from.mail .. c)
  if call('HINCRBY', from.parked_count, bot, text(-n)) <= 0 then
    call('HDEL', from.parked_count, bot)
    call('HDEL', from.parked_bytes, bot)
  else
    call('HINCRBY', from.parked_bytes, bot, text(-share))
  end
  return n, share
end

-- Answers the groups for which to add a token.
local function go_on(to, n, share)
  call('HINCRBY', to.count, bot, text(n))
  call('HINCRBY', to.bytes, bot, text(share))
  ready_first(to, c)
  flush_ready(to)
  return want_tokens(to, { [group_of(to, bot)] = true })
end

local n, share = leave_parked(box)
call('HDEL', box.trouble, c)
if head and word == 'skip' then
  call('RPUSH', partition .. ':dead', letter)
  call('LPOP', mailbox)
  n = n - 1
  share = share - #head
end
-- An operator says that it was not sent: it is older than this primary no more, or it would park again.
if head and word == 'retry' and box == outbox then
  call('LSET', mailbox, '0', struct.pack('>I6', now) .. string.sub(head, 7))
end
local inbox_tokens = {}
if box == outbox and string.match(call('HGET', inbox.reasons, c) or '', ' (.*)$') == REPLIES_PARKED then
  inbox_tokens = go_on(inbox, leave_parked(inbox))
end
if n <= 0 then return { 'empty', {}, inbox_tokens } end
return { 'ready', go_on(box, n, share), inbox_tokens }
