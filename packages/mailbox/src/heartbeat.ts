import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { heartbeatKey } from './keys.ts'

/** Says that a worker process lives: what it holds is its own while the heartbeat stands. */
export interface Heartbeat {
  /** Random per start, never reused: a restarted process is another holder. */
  readonly process: string
  /** Called after a beat that came so late that others may have taken over what this process holds. */
  onLapse(listener: () => void): void
  /** Stops and withdraws the heartbeat: others may take over at once. */
  close(): Promise<void>
}

/** How long a process counts as alive after its last beat, in ms; a crash is noticed after that. */
export const heartbeatTtlMs = 5000

/**
 * Starts the heartbeat of this process, on a connection of its own so that no long answer delays it. Resolves after the
 * first beat: nothing may be claimed before. Its life must be at most half of BullMQ's lock, or a recovered job would skip
 * the conversations that it should take over (measured: 60 s stuck).
 */
export async function startHeartbeat(options: { redis: Redis; shards: number; ttlMs?: number }): Promise<Heartbeat> {
  const { shards, ttlMs = heartbeatTtlMs } = options
  const process = randomBytes(12).toString('base64url')
  const redis = options.redis.duplicate()
  const listeners: (() => void)[] = []
  redis.on('error', () => undefined)
  redis.on('ready', () => void beat())
  let lastBeatAt = performance.now()
  let beating: Promise<void> | undefined

  function beat(): Promise<void> {
    beating ??= write().finally(() => {
      beating = undefined
    })
    return beating
  }

  async function write(): Promise<void> {
    const pipeline = redis.pipeline()
    for (let shard = 0; shard < shards; shard++) pipeline.set(heartbeatKey(shard, process), 1, 'PX', ttlMs)
    const results = await pipeline.exec()
    if (results?.some(([error]) => error)) return
    const now = performance.now()
    const lapsed = now - lastBeatAt > ttlMs
    lastBeatAt = now
    if (lapsed) for (const listener of listeners) listener()
  }

  await beat()
  lastBeatAt = performance.now()
  // A failed beat is followed by the next one; a lost connection by the one on `ready`.
  const timer = setInterval(() => void beat().catch(() => undefined), ttlMs / 3)

  return {
    process,
    onLapse: listener => listeners.push(listener),
    async close() {
      clearInterval(timer)
      await beating?.catch(() => undefined)
      const keys = Array.from({ length: shards }, (_, shard) => heartbeatKey(shard, process))
      if (redis.status === 'ready') await Promise.all(keys.map(key => redis.del(key))).catch(() => undefined)
      redis.disconnect()
    },
  }
}
