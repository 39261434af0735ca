import type { ConversationKey } from '@botyard/queue-contracts'
import { partitionOf, partitionTag } from '@botyard/queue-contracts/names'
import type { Redis } from 'ioredis'
import { eachPartition } from '../redis/each-partition.ts'
import { heartbeatKey } from '../redis/keys.ts'
import { partitionRedis } from '../redis/partition-redis.ts'
import { heartbeatTtlMs } from './heartbeat.ts'

/** An update that a process ends because of. */
export interface Culprit {
  readonly conversation: ConversationKey
  readonly hash: Buffer
}

/**
 * What may be said of a process that cannot speak for itself: its event loop is blocked, or it is about to
 * exit.
 */
export interface LastWords {
  /** It is still there: what it holds stays its own. In vain if its heartbeat has ended already. */
  keepAlive(): Promise<void>
  /**
   * It ends because of a bot's code, of this update as far as that is known: others may take over at once,
   * and nothing else that it held is suspected. Answers how often the update has been named by now; 0 if the
   * process does not hold it.
   */
  blame(culprit: Culprit | undefined): Promise<number>
}

/** Speaks for a process, by the name of its heartbeat. */
export function createLastWords(options: { redis: Redis; partitions: number; process: string }): LastWords {
  const { partitions, process } = options
  const redisOf = (partition: number) => partitionRedis(options.redis, partition)

  return {
    async keepAlive() {
      await eachPartition(partitions, partition =>
        redisOf(partition).set(heartbeatKey(partition, process), 1, 'PX', heartbeatTtlMs, 'XX'),
      )
    },
    async blame(culprit) {
      const at = culprit && partitionOf(culprit.conversation, partitions)
      const named = await eachPartition(partitions, partition => {
        const update = partition === at ? [culprit!.conversation, culprit!.hash] : ['', '']
        return redisOf(partition).mailboxBlame(partitionTag(partition), process, ...update)
      })
      return Math.max(...named)
    },
  }
}
