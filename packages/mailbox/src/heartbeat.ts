import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { ChainableCommander, Redis } from 'ioredis'
import { heartbeatKey, shardBase } from './keys.ts'
import { withMailboxScripts } from './scripts.ts'

/** Says that a worker process lives: what it holds is its own while the heartbeat stands. */
export interface Heartbeat {
  /** Random per start, never reused: a restarted process is another holder. */
  readonly process: string
  /** Time since Redis last took a beat, counted from before it was sent, in ms. */
  readonly ageMs: number
  /** Whether what this process holds is still its own by its own clock. */
  readonly fresh: boolean
  /** Called after a beat that came so late that others may have taken over what this process holds. */
  onLapse(listener: () => void): void
  /** Stops and withdraws the heartbeat: others may take over at once. */
  close(): Promise<void>
}

/** How long a process counts as alive after its last beat, in ms; a crash is noticed after that. */
export const heartbeatTtlMs = 5000

/** Redis is away or refuses writes (full, read only): how long to wait before the first beat is tried again, in ms. */
const firstBeatAgainMs = 250

/** The longest time that a client that was cut off needs until its next beat, beyond a beat's life, in ms. */
const reconnectMs = 1000

/**
 * Starts the heartbeat of this process, on a connection of its own so that no long answer delays it. Resolves after the
 * first beat: nothing may be claimed before. Its life must be at most half of BullMQ's lock, or a recovered job would skip
 * the conversations that it should take over (measured: 60 s stuck).
 */
export async function startHeartbeat(options: { redis: Redis; shards: number; ttlMs?: number }): Promise<Heartbeat> {
  const { shards, ttlMs = heartbeatTtlMs } = options
  const process = randomBytes(12).toString('base64url')
  const redis = withMailboxScripts(
    options.redis.duplicate({
      // A connection that went dead without a word must be replaced within a beat's life.
      socketTimeout: ttlMs * 0.4,
      // A beat that waits for a connection would say what was true when it was made.
      ...{ maxRetriesPerRequest: 0, enableOfflineQueue: false },
    }),
  )
  const listeners: (() => void)[] = []
  redis.on('error', () => undefined)
  redis.on('ready', () => void beat().catch(() => undefined))
  let lastBeatAt = performance.now()
  let hasBeaten = false
  let beating: Promise<void> | undefined

  function beat(): Promise<void> {
    beating ??= write().finally(() => {
      beating = undefined
    })
    return beating
  }

  async function write(): Promise<void> {
    const sentAt = performance.now()
    // Two beats were lost: Redis may have been away for all, and let everybody's run out.
    const wasCutOff = hasBeaten ? sentAt - lastBeatAt > ttlMs / 2 : await hasJustStarted(redis, ttlMs)
    const spareMs = wasCutOff ? ttlMs + reconnectMs : 0
    const pipeline: ChainableCommander = redis.pipeline()
    for (let shard = 0; shard < shards; shard++) {
      pipeline.mailboxBeat(shardBase(shard), shardBase(shard), process, ttlMs, spareMs)
    }
    const results = await pipeline.exec()
    if (results?.some(([error]) => error)) return
    const lapsed = hasBeaten && performance.now() - lastBeatAt > ttlMs
    lastBeatAt = sentAt
    hasBeaten = true
    if (lapsed) for (const listener of listeners) listener()
  }

  for (;;) {
    await beat().catch(() => undefined)
    if (hasBeaten) break
    await delay(firstBeatAgainMs)
  }
  // A failed beat is followed by the next one; a lost connection by the one on `ready`.
  const timer = setInterval(() => void beat().catch(() => undefined), ttlMs / 4)

  return {
    process,
    get ageMs() {
      return performance.now() - lastBeatAt
    },
    get fresh() {
      return performance.now() - lastBeatAt < ttlMs
    },
    onLapse: listener => listeners.push(listener),
    async close() {
      clearInterval(timer)
      // An answer that does not come now comes never.
      if (redis.status === 'ready') {
        await beating?.catch(() => undefined)
        const keys = Array.from({ length: shards }, (_, shard) => heartbeatKey(shard, process))
        await Promise.all(keys.map(key => redis.del(key))).catch(() => undefined)
      }
      redis.disconnect()
    },
  }
}

/** Whether Redis is younger than a beat: others may live that have not found it again. One that does not say is old. */
async function hasJustStarted(redis: Redis, ttlMs: number): Promise<boolean> {
  const info = await redis.info('server').catch(() => '')
  const seconds = Number(/^uptime_in_seconds:(\d+)/m.exec(info)?.[1] ?? Number.POSITIVE_INFINITY)
  return seconds * 1000 < 2 * ttlMs
}
