import { partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { MailboxUnavailableError } from './errors.ts'

/** Confirms that everything written to a partition before the call has reached the replicas. */
export interface ReplicaGuard {
  confirm(partition: number): Promise<void>
  close(): void
}

/**
 * Asks `WAIT` on a connection of its own, because it blocks the connection; callers share one round trip. The
 * connection makes one write itself first: a WAIT on one that wrote nothing returns at once and proves
 * nothing (measured: it answered 1 with the replica frozen). Fewer acknowledgements than `replicas` within
 * `timeoutMs` is a refusal.
 */
export function createReplicaGuard(options: {
  redis: Redis
  replicas: number
  timeoutMs: number
}): ReplicaGuard {
  const { replicas, timeoutMs } = options
  if (replicas === 0) return { confirm: async () => undefined, close: () => undefined }

  const redis = options.redis.duplicate()
  redis.on('error', () => undefined)
  const next = new Map<number, Promise<void>>()
  const running = new Map<number, Promise<void>>()

  async function ask(partition: number): Promise<void> {
    const [, acknowledged] = await Promise.all([
      redis.set(`${partitionTag(partition)}:replicated`, Date.now()),
      redis.wait(replicas, timeoutMs),
    ])
    if (acknowledged < replicas) throw new MailboxUnavailableError()
  }

  return {
    confirm(partition) {
      const waiting = next.get(partition)
      if (waiting !== undefined) return waiting
      const previous = running.get(partition) ?? Promise.resolve()
      const asked = previous
        .catch(() => undefined)
        .then(() => {
          next.delete(partition)
          running.set(partition, asked)
          return ask(partition)
        })
      next.set(partition, asked)
      return asked
    },
    close: () => redis.disconnect(),
  }
}
