import { type BoxName, botOf, boxNames, type ConversationKey } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { boxBase } from '../redis/keys.ts'
import { partitionRedis } from '../redis/partition-redis.ts'
import { reasonOf } from './parked.ts'

/** A conversation that waits for an operator. */
export interface Parked {
  readonly conversation: ConversationKey
  readonly box: BoxName
  /** Why, as a stable code. */
  readonly reason: string
  readonly parkedAtMs: number
}

/** Conversations read at once. */
const Page = 1_000

/** Reads the conversations that have been parked longest, of one bot or of all, oldest first. */
export async function listParked(
  redis: Redis,
  partitions: number,
  { bot, limit }: { bot: string | undefined; limit: number },
): Promise<Parked[]> {
  const boxes = Array.from({ length: partitions }, (_, partition) =>
    boxNames.map(box => ({ partition, box })),
  ).flat()
  const found = await Promise.all(
    boxes.map(({ partition, box }) => listBox(partitionRedis(redis, partition), partition, box, bot, limit)),
  )
  return found
    .flat()
    .sort((a, b) => a.parkedAtMs - b.parkedAtMs)
    .slice(0, limit)
}

async function listBox(
  redis: Redis,
  partition: number,
  box: BoxName,
  bot: string | undefined,
  limit: number,
): Promise<Parked[]> {
  const base = boxBase(partition, box)
  const found: Parked[] = []
  for (let from = 0; found.length < limit; from += Page) {
    const page = await redis.zrange(`${base}:parked`, String(from), String(from + Page - 1), 'WITHSCORES')
    const names = page.filter((_, i) => i % 2 === 0) as ConversationKey[]
    const wanted = names.flatMap((conversation, i) =>
      bot === undefined || botOf(conversation) === bot
        ? [{ conversation, parkedAtMs: Number(page[2 * i + 1]) }]
        : [],
    )
    const reasons =
      wanted.length > 0 ? await redis.hmget(`${base}:reasons`, ...wanted.map(one => one.conversation)) : []
    // Without a reason it was unparked in between.
    found.push(
      ...wanted.flatMap((one, i) => (reasons[i] ? [{ ...one, box, reason: reasonOf(reasons[i]) }] : [])),
    )
    if (names.length < Page) break
  }
  return found.slice(0, limit)
}
