import { partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { MailboxUnavailableError } from '../errors.ts'
import { ownConnection, runConfirmed } from '../redis/confirmed-script.ts'
import { isInTime } from '../redis/is-in-time.ts'
import type { DeliverAnswer } from '../redis/scripts.ts'

/** Where the updates of a partition are stored. */
export interface Store {
  /** Runs the deliver script; resolves when what it stored is as safe as `DURABLE_REPLICAS` wants it. */
  deliver(args: readonly (string | number | Buffer)[]): Promise<DeliverAnswer>
  close(): void
}

/**
 * Opens the store of a partition. With replicas it has a connection of its own, because WAIT blocks one, and
 * because the primary that stored a batch must be the one whose replicas confirm it: were it another one, a
 * failover between the two could lose the batch and confirm it all the same.
 */
export function openStore(redis: Redis, partition: number, replicas: number, timeoutMs: number): Store {
  if (replicas === 0)
    return {
      deliver: args => redis.mailboxDeliver(partitionTag(partition), ...args),
      close: () => undefined,
    }

  const own = ownConnection(redis, 'deliver')
  return {
    async deliver(args) {
      if (own.status !== 'ready') await comesUp(own, timeoutMs)
      // A duplicate writes nothing, and must be as safe as the first one.
      const { answer, acknowledged } = await runConfirmed<DeliverAnswer>('deliver', args, {
        ...{ redis: own, partition, replicas, timeoutMs, mark: true },
      })
      if (acknowledged < replicas) throw new MailboxUnavailableError()
      return answer
    },
    close: () => own.disconnect(),
  }
}

/** Resolves when the connection is there, or late enough for what it is for to be refused. */
async function comesUp(redis: Redis, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  redis.once('ready', resolve)
  try {
    await isInTime(promise, ms)
  } finally {
    redis.off('ready', resolve)
  }
}
