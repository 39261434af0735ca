import { createHash } from 'node:crypto'
import { createMailboxWriter, createTokens, steerBot } from '@botyard/mailbox'
import type { BotId, ConversationKey } from '@botyard/queue-contracts'
import { Redis } from 'ioredis'

/** The bot that waits: no process has it, and it is paused. */
const waiting = 'waiting' as BotId
const chats = 50_000
const atOnce = 5_000
const body = Buffer.alloc(600)
const dayMs = 86_400_000

/** Lets so many updates of a paused bot wait in the inbox, in 50,000 conversations. */
export async function fillBacklog(redisUrl: string, updates: number): Promise<void> {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const tokens = createTokens({ redis, partitions: 1 })
  const writer = createMailboxWriter({ redis, partitions: 1 })
  try {
    await steerBot({ redis, partitions: 1, tokens }, 'inbox', waiting, { do: 'pause', untilMs: 0 })
    for (let n = 0; n < updates; n += atOnce) {
      const some = Array.from({ length: Math.min(atOnce, updates - n) }, (_, i) => n + i)
      await Promise.all(
        some.map(number =>
          writer.deliver({
            conversation: `${waiting}/chat-${number % chats}` as ConversationKey,
            update: createHash('sha256').update(String(number)).digest().subarray(0, 16),
            body,
            windowMs: dayMs,
          }),
        ),
      )
    }
  } finally {
    await writer.close()
    await tokens.close()
    redis.disconnect()
  }
}
