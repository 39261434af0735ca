import { setTimeout as delay } from 'node:timers/promises'
import { partitionTag } from '@botyard/queue-contracts/names'
import type { Redis } from 'ioredis'
import { heartbeatKey } from '../redis/keys.ts'
import type { Home } from '../redis/partition-redis.ts'
import { withMailboxScripts } from '../redis/scripts.ts'

/** The beats of one process in the partitions of one server; what each member means: see `Heartbeat`. */
export interface Beats {
  readonly ageMs: number
  readonly isSure: boolean
  onDoubt(listener: () => void): void
  next(): Promise<void>
  close(): Promise<void>
}

/** Whose beats, and where. */
export interface BeatsOptions {
  readonly home: Home
  readonly process: string
  readonly replicas: number
  readonly ttlMs: number
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

/** Begins to beat on a connection of its own; resolves after the first one. */
export async function startBeats({ home, process, replicas, ttlMs }: BeatsOptions): Promise<Beats> {
  const redis = withMailboxScripts(
    home.redis.duplicate({
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
    const { gapMs, spareMs } = beats > 0 ? sinceBeat(sentAt - lastBeatAt) : sinceStart(server)
    const { runId, wasReplica } = server
    // With confirmed holds a primary that was a replica knows of everything that was sent.
    const hasGaps = wasReplica && replicas === 0
    const stands = beats > 0 && sentAt - lastBeatAt < ttlMs * sureOf
    const args = [process, ttlMs, spareMs, runId, hasGaps ? 1 : 0, stands ? 1 : 0, Math.ceil(gapMs)]
    await Promise.all(home.partitions.map(partition => redis.mailboxBeat(partitionTag(partition), ...args)))
    const hasLapsed = beats > 0 && performance.now() - lastBeatAt > ttlMs
    const isAnother = lastRunId !== undefined && lastRunId !== runId
    lastBeatAt = sentAt
    lastBeatWallMs = sentWallMs
    lastRunId = runId
    beats++
    if (hasLapsed || isAnother || beats % beatsUntilDoubt === 0) for (const listener of listeners) listener()
  }

  /** Two beats were lost: Redis may have been away for all, and let everybody's run out. */
  function sinceBeat(gapMs: number) {
    return { gapMs, spareMs: gapMs > ttlMs / 2 ? ttlMs + reconnectMs : 0 }
  }

  /** Those who held something before a restart or an outage are about to come back. */
  function sinceStart({ uptimeMs }: ServerIdentity) {
    if (uptimeMs < 2 * ttlMs) return { gapMs: 2 * ttlMs, spareMs: ttlMs + reconnectMs }
    return { gapMs: 0, spareMs: 2 * reconnectMs }
  }

  for (;;) {
    await beat().catch(() => undefined)
    if (beats > 0) break
    await delay(firstBeatAgainMs)
  }
  // A failed beat is followed by the next one; a lost connection by the one on `ready`.
  const timer = setInterval(() => void beat().catch(() => undefined), ttlMs / 4)

  return {
    get ageMs() {
      return performance.now() - lastBeatAt
    },
    get isSure() {
      // The monotonic clock stands still while a machine is suspended, the other one does not.
      const ageMs = Math.max(performance.now() - lastBeatAt, Date.now() - lastBeatWallMs)
      return ageMs < ttlMs * sureOf
    },
    onDoubt: listener => listeners.push(listener),
    next: () =>
      new Promise(resolve => {
        waiting.push(resolve)
        void beat().catch(() => undefined)
      }),
    async close() {
      clearInterval(timer)
      // An answer that does not come now comes never.
      if (redis.status === 'ready') {
        await beating?.catch(() => undefined)
        const withdrawn = home.partitions.map(partition => redis.del(heartbeatKey(partition, process)))
        await Promise.all(withdrawn).catch(() => undefined)
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
