import type { BoxName, ConversationKey } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'

/** Where a conversation is, and what is known of its head; keys as in the mailbox's `lua/common.lua`. */
export async function placeOf(redis: Redis, box: BoxName, conversation: ConversationKey) {
  const base = `{p0}:mb:${box}`
  const [due, reason, trouble, holder] = await Promise.all([
    redis.zscore(`${base}:delayed`, conversation),
    redis.hget(`${base}:reasons`, conversation),
    redis.hget(`${base}:trouble`, conversation),
    holderOf(redis, box, conversation),
  ])
  const [tries = 0, , , , , unreadableSince = 0] = (trouble ?? '').split(' ').map(Number)
  const place = due ? 'delayed' : reason ? 'parked' : holder ? 'held' : 'ready or nowhere'
  return { place, tries, isUnreadable: unreadableSince > 0, reason: reason?.slice(reason.indexOf(' ') + 1) }
}

/** Takes the conversation from whoever holds it, as if it had been taken over and let go. */
export async function releaseHold(redis: Redis, box: BoxName, conversation: ConversationKey): Promise<void> {
  const key = await holderOf(redis, box, conversation)
  if (key) await redis.hdel(key, conversation)
  await redis.lpush(`{p0}:mb:${box}:run:${conversation.split('/')[0]}`, conversation)
  await redis.zadd(`{p0}:mb:${box}:bots`, 0, conversation.split('/')[0]!)
}

async function holderOf(
  redis: Redis,
  box: BoxName,
  conversation: ConversationKey,
): Promise<string | undefined> {
  const keys = await redis.keys(`{p0}:mb:${box}:hold:*`)
  for (const key of keys) if ((await redis.hexists(key, conversation)) === 1) return key
  return undefined
}
