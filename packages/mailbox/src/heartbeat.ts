import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { eachPartition } from './each-partition.ts'
import { heartbeatKey } from './keys.ts'
import { withMailboxScripts } from './scripts.ts'

/** Says that a worker process lives: what it holds is its own while the heartbeat stands. */
export interface Heartbeat {
  /** Random per start, never reused: a restarted process is another holder. */
  readonly process: string
  /** Time since Redis last took a beat, counted from before it was sent, in ms. */
  readonly ageMs: number
  /** Whether what this process holds is still its own by its own clock. */
  readonly fresh: boolean
  /** Whether nobody can have taken it over, by the same clock: what leaves the process must be its own. */
  readonly isSure: boolean
  /**
   * Called when Redis and this process may differ about what it holds: after a beat that came so late that
   * others may have taken over, after Redis was restarted or replaced, and every few beats to be on the safe
   * side.
   */
  onDoubt(listener: () => void): void
  /** Resolves after the next beat that begins from now on. */
  nextBeat(): Promise<void>
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

/** How long a process counts as alive after its last beat, in ms; a crash is noticed after that. */
export const heartbeatTtlMs = 5000

/** After this share of a beat's life its own clock does not prove any more that nobody took over. */
const sureOf = 0.9

/**
 * Redis is away or refuses writes (full, read only): how long to wait before the first beat is tried again,
 * in ms.
 */
const firstBeatAgainMs = 250

/** Every so many beats what is held is compared with Redis. */
const beatsUntilDoubt = 4

/** The longest time that a client that was cut off needs until its next beat, beyond a beat's life, in ms. */
const reconnectMs = 1000

/**
 * Starts the heartbeat of this process, on a connection of its own so that no long answer delays it. Resolves
 * after the first beat: nothing may be claimed before. Its life must be at most half of BullMQ's lock, or a
 * recovered job would skip the conversations that it should take over (measured: 60 s stuck).
 */
export async function startHeartbeat(options: HeartbeatOptions): Promise<Heartbeat> {
  const { partitions, replicas = 0, ttlMs = heartbeatTtlMs } = options
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
  const waiting: (() => void)[] = []
  redis.on('error', () => undefined)
  redis.on('ready', () => {
    server = undefined
    void beat().catch(() => undefined)
  })
  let lastBeatAt = performance.now()
  let lastBeatWallMs = Date.now()
  let beats = 0
  let beating: Promise<void> | undefined
  /** Which Redis the connection leads to; unknown after it was lost. */
  let server: ServerIdentity | undefined
  let lastRunId: string | undefined

  function beat(): Promise<void> {
    beating ??= write()
      .finally(() => {
        beating = undefined
      })
      .then(() => {
        // Who asked while this one was under way waits for the next one.
        if (waiting.length > 0) void beat().catch(() => undefined)
      })
    return beating
  }

  async function write(): Promise<void> {
    const waited = waiting.splice(0)
    try {
      await writeTo()
    } catch (error) {
      waiting.push(...waited)
      throw error
    }
    for (const done of waited) done()
  }

  async function writeTo(): Promise<void> {
    const sentAt = performance.now()
    const sentWallMs = Date.now()
    server ??= await identify(redis)
    // Two beats were lost: Redis may have been away for all, and let everybody's run out.
    const wasCutOff = beats > 0 ? sentAt - lastBeatAt > ttlMs / 2 : server.uptimeMs < 2 * ttlMs
    const spareMs = wasCutOff ? ttlMs + reconnectMs : 0
    const { runId, wasReplica } = server
    // With confirmed holds a primary that was a replica knows of everything that was sent.
    const hasGaps = wasReplica && replicas === 0
    const args = [process, ttlMs, spareMs, runId, hasGaps ? 1 : 0]
    // One call each: partitions may lie on different servers of a cluster.
    await eachPartition(partitions, partition => redis.mailboxBeat(partitionTag(partition), ...args))
    const hasLapsed = beats > 0 && performance.now() - lastBeatAt > ttlMs
    const isAnother = lastRunId !== undefined && lastRunId !== runId
    lastBeatAt = sentAt
    lastBeatWallMs = sentWallMs
    lastRunId = runId
    beats++
    if (hasLapsed || isAnother || beats % beatsUntilDoubt === 0) for (const listener of listeners) listener()
  }

  for (;;) {
    await beat().catch(() => undefined)
    if (beats > 0) break
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
    get isSure() {
      // The monotonic clock stands still while a machine is suspended, the other one does not.
      const ageMs = Math.max(performance.now() - lastBeatAt, Date.now() - lastBeatWallMs)
      return ageMs < ttlMs * sureOf
    },
    onDoubt: listener => listeners.push(listener),
    nextBeat: () =>
      new Promise(resolve => {
        waiting.push(resolve)
        void beat().catch(() => undefined)
      }),
    async close() {
      clearInterval(timer)
      // An answer that does not come now comes never.
      if (redis.status === 'ready') {
        await beating?.catch(() => undefined)
        const withdrawn = eachPartition(partitions, partition => redis.del(heartbeatKey(partition, process)))
        await withdrawn.catch(() => undefined)
      }
      redis.disconnect()
    },
  }
}

interface ServerIdentity {
  readonly runId: string
  /** It was promoted: what its primary had not replicated is lost. */
  readonly wasReplica: boolean
  /** One that does not say is old. */
  readonly uptimeMs: number
}

/**
 * Asks Redis who it is. A user without the right to INFO learns nothing, and takes it for the same one
 * always.
 */
async function identify(redis: Redis): Promise<ServerIdentity> {
  const info = await redis.info().catch(() => '')
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1]
  return {
    runId: field('run_id') ?? 'unknown',
    wasReplica: /[^0]/.test(field('master_replid2') ?? '0'),
    uptimeMs: Number(field('uptime_in_seconds') ?? Number.POSITIVE_INFINITY) * 1000,
  }
}
