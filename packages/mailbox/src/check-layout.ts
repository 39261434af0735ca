import { oldPartitionTag, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { OldLayoutError } from './errors.ts'

/** The version of the keys that this build reads and writes. */
export const layoutVersion = 2

/**
 * Rejects with {@link OldLayoutError} if Redis holds mail in another layout, and writes this one down. To be
 * called before anything else is written or read.
 */
export async function checkLayout(redis: Redis): Promise<void> {
  const old = [
    'mb:inbox:dirty',
    'mb:inbox:delayed',
    'mb:inbox:parked',
    'mb:outbox:dirty',
    'mb:outbox:delayed',
    'dead',
  ]
  if ((await redis.exists(...old.map(key => `${oldPartitionTag}:${key}`))) > 0) throw new OldLayoutError()
  const key = `${partitionTag(0)}:layout`
  // Not written without need: a Redis that is full refuses it, and is drained by who starts now.
  if ((await redis.get(key)) === null) await redis.set(key, layoutVersion, 'NX')
  if (Number(await redis.get(key)) !== layoutVersion) throw new OldLayoutError()
}
