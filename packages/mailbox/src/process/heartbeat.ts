import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { homesOf } from '../redis/partition-redis.ts'
import { type Beats, heartbeatTtlMs, startBeats } from './beats.ts'

export { heartbeatTtlMs } from './beats.ts'

/** Says that a worker process lives: what it holds is its own while the heartbeat stands. */
export interface Heartbeat {
  /** Random per start, never reused: a restarted process is another holder. */
  readonly process: string
  /** Time since Redis last took a beat, counted from before it was sent, in ms; of a cluster every node. */
  readonly ageMs: number
  /** Whether what this process holds is still its own by its own clock. */
  readonly fresh: boolean
  /** Whether nobody can have taken it over, by the same clock: what leaves the process must be its own. */
  isSure(partition: number): boolean
  /**
   * Called when Redis and this process may differ about what it holds of partitions: after a beat that came
   * so late that others may have taken over, after Redis was restarted or replaced, and every few beats to be
   * on the safe side.
   */
  onDoubt(listener: (partitions: readonly number[]) => void): void
  /** Resolves after the next beat in a partition that begins from now on. */
  nextBeat(partition?: number): Promise<void>
  /** Stops and withdraws the heartbeat: others may take over at once. */
  close(): Promise<void>
}

/**
 * How a process lives. `replicas` is `DURABLE_REPLICAS`: so many confirm what it holds before it sends, see
 * `createHoldGuard`.
 */
export interface HeartbeatOptions {
  readonly redis: Redis
  readonly partitions: number
  readonly replicas?: number
  readonly ttlMs?: number
}

/**
 * Starts the heartbeat of this process, on connections of its own so that no long answer delays it: one for
 * each server. Resolves after the first beat: nothing may be claimed before. Its life must be at most half of
 * BullMQ's lock, or a recovered job would skip the conversations that it should take over (measured: 60 s
 * stuck).
 */
export async function startHeartbeat(options: HeartbeatOptions): Promise<Heartbeat> {
  const { replicas = 0, ttlMs = heartbeatTtlMs } = options
  const process = randomBytes(12).toString('base64url')
  const homes = homesOf(options.redis, options.partitions)
  const each = await Promise.all(homes.map(home => startBeats({ home, process, replicas, ttlMs })))
  const of = new Map<number, Beats>()
  for (const [i, { partitions }] of homes.entries())
    for (const partition of partitions) of.set(partition, each[i]!)
  const ageMs = () => Math.max(...each.map(beats => beats.ageMs))

  return {
    process,
    get ageMs() {
      return ageMs()
    },
    get fresh() {
      return ageMs() < ttlMs
    },
    isSure: partition => of.get(partition)!.isSure,
    onDoubt(listener) {
      for (const [i, { partitions }] of homes.entries()) each[i]!.onDoubt(() => listener(partitions))
    },
    nextBeat: (partition = 0) => of.get(partition)!.next(),
    async close() {
      await Promise.all(each.map(beats => beats.close()))
    },
  }
}
