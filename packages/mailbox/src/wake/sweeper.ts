import { type BoxName, boxNames, partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { partitionRedis } from '../redis/partition-redis.ts'
import type { Turns } from '../turns/turns.ts'
import { type GroupLook, lookAtGroups } from './look-at-groups.ts'
import type { Tokens } from './tokens.ts'

/** How the sweeper is set. */
export interface SweeperOptions {
  readonly redis: Redis
  readonly tokens: Tokens
  /** This process's own turns: who looks when Redis gives nobody a token, as when its memory is full. */
  readonly turns: Pick<Turns, 'look'>
  readonly partitions: number
  readonly process: string
  readonly intervalMs?: number
  /** How long a token may be outstanding though none waits in the queue, in ms. */
  readonly graceMs?: number
  /** Called with the conversations that were taken over from dead processes. */
  readonly onTakenOver?: (conversations: number) => void
  /** Called when a lost token was replaced. */
  readonly onLostToken?: (box: BoxName) => void
  readonly onTrouble?: (error: unknown) => void
}

/** Conversations taken over by one script. */
const pageSize = 256

/**
 * Takes over what dead processes held, and replaces tokens that were lost: between a script and its job, or
 * with a process that had one. All workers run it; a short lock lets one of them sweep a partition at a time.
 */
export function startSweeper(options: SweeperOptions): { close(): Promise<void> } {
  const { tokens, turns, partitions, process, intervalMs = 1000, graceMs = 500 } = options
  const { onTakenOver, onLostToken, onTrouble } = options
  const running = new Map<number, Promise<void>>()

  async function sweep(partition: number): Promise<void> {
    const redis = partitionRedis(options.redis, partition)
    const tag = partitionTag(partition)
    if ((await redis.mailboxLock(tag, 'sweeper', process, Math.ceil(intervalMs * 0.9))) === 0) return
    for (let taken = 1; taken > 0; ) {
      taken = await redis.mailboxTakeOver(tag, pageSize)
      if (taken > 0) onTakenOver?.(taken)
    }
    for (const box of boxNames) {
      for (const look of await lookAtGroups(redis, partition, box)) await replaceToken(partition, box, look)
    }
  }

  async function replaceToken(
    partition: number,
    box: BoxName,
    { group, hasWork, ageMs }: GroupLook,
  ): Promise<void> {
    if (!hasWork || (ageMs !== undefined && ageMs < graceMs)) return
    // This process takes it now if it has places: a Redis that is full accepts no token.
    turns.look(partition, box)
    if ((await tokens.waiting(partition, box, group)) > 0) return
    await partitionRedis(options.redis, partition).mailboxLook(partitionTag(partition), box, 'mark', group)
    await tokens.add(partition, box, group)
    onLostToken?.(box)
  }

  /** One at a time for each partition: a node of a cluster that is away holds up its own alone. */
  function begin(partition: number): void {
    if (running.has(partition)) return
    const sweeping = sweep(partition)
      // Redis is away or answered badly: the next interval tries again, and the client has logged the outage.
      .catch(error => onTrouble?.(error))
      .finally(() => running.delete(partition))
    running.set(partition, sweeping)
  }

  // Never throws: what a sweep meets is told as trouble.
  const timer = setInterval(() => {
    for (let partition = 0; partition < partitions; partition++) begin(partition)
  }, intervalMs)

  return {
    async close() {
      clearInterval(timer)
      await Promise.all(running.values())
    },
  }
}
