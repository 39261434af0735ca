import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { joinBus, type MemberLease } from './member-lease.ts'
import type { NoticeBus } from './notice-bus.ts'
import { shareNextRun } from './share-next-run.ts'

/** Keeps the memory of a process up to date with a bus. */
export interface BusFollower {
  readonly lease: MemberLease
  /** Catches up, beginning after this call; rejects if the database cannot be asked. */
  refresh(): Promise<void>
  /** Catches up without making anybody wait; a failure is logged. */
  refreshSoon(): void
  /** Stops listening and gives up the lease; the clients stay open, they are the caller's. */
  close(): Promise<void>
}

/** The memory that a follower keeps up to date. */
export interface FollowBusOptions {
  readonly bus: NoticeBus
  /** A connection for pub/sub; other followers may subscribe on it too. */
  readonly redis: Redis
  readonly commands: Redis
  readonly logger: Logger
  readonly pollMs?: number | undefined
  /** The number of the change that the memory holds; -1 before the first load. */
  readonly applied: () => number
  /** Brings the memory up to the newest change. Never runs twice at a time. */
  readonly catchUp: () => Promise<void>
  /** A stretch of the lease has begun: changes before it may have been missed. */
  readonly onJoined?: () => void
  /** The log lines: without notices, when the database goes away, and when it is back. */
  readonly lines: { readonly unsubscribed: string; readonly away: string; readonly back: string }
}

const defaultPollMs = 1_000

/**
 * Follows a bus by its notices, and by asking every second because notices can get lost. Starts to load at
 * once.
 */
export function followBus(options: FollowBusOptions): BusFollower {
  const { bus, redis, commands, logger, applied, lines, onJoined = () => {} } = options
  let closed = false
  let away = false
  const refresh = shareNextRun(async () => {
    if (!closed) await options.catchUp()
  })

  function refreshSoon(): void {
    refresh().then(
      () => {
        if (away) logger.info(lines.back)
        away = false
      },
      err => {
        if (!away && !closed) logger.error({ err }, lines.away)
        away = true
      },
    )
  }

  function onMessage(channel: string, change: string): void {
    if (channel === bus.channel && Number(change) > applied()) refreshSoon()
  }

  /** Notices sent while there was no connection are lost, so every connection asks at once. */
  function onConnected(): void {
    if (redis.status !== 'ready') return
    redis.subscribe(bus.channel).then(refreshSoon, err => logger.warn({ err }, lines.unsubscribed))
  }

  // Never throws: a message that is not a number is above no change.
  redis.on('message', onMessage)
  redis.on('ready', onConnected)
  onConnected()
  // The lease begins before the first load: a change committed in between is waited for, not missed.
  const lease = joinBus({ redis: commands, bus, applied, onJoined })
  refreshSoon()
  const timer = setInterval(refreshSoon, options.pollMs ?? defaultPollMs)

  return {
    lease,
    refresh,
    refreshSoon,
    async close() {
      closed = true
      clearInterval(timer)
      redis.off('message', onMessage)
      redis.off('ready', onConnected)
      // Waits for the run under way.
      await refresh().catch(() => {})
      await lease.close()
    },
  }
}
