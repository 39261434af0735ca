import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Redis } from 'ioredis'
import { beat, leave, type NoticeBus, noticeLeaseMs } from './notice-bus.ts'

/**
 * The place of a process among those that acknowledge changes. While the lease holds, every announcement of a
 * change waits for this process; once it has lapsed none does, and the memory of the process may be old.
 */
export interface MemberLease {
  /**
   * The stretch of time without a gap that now belongs to, by this process's clock; `undefined` while there
   * is none.
   */
  stretch(): number | undefined
  /** Renews the lease and acknowledges what has been applied, one beat at a time; never waits for Redis. */
  beat(): void
  /** Gives the place up. */
  close(): Promise<void>
}

/** A fifth of the lease. */
const beatMs = 1_000

/**
 * Joins a bus and stays in it; `onJoined` is called when a new stretch begins, since changes before it may
 * have been missed.
 */
export function joinBus(options: {
  redis: Redis
  bus: NoticeBus
  /** The change number to acknowledge. */
  applied: () => number
  onJoined: () => void
}): MemberLease {
  const { redis, bus, applied, onJoined } = options
  const member = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`
  let endsAt = 0
  let stretch = 0
  let closed = false
  let beating: Promise<void> | undefined
  let again = false

  async function beatOnce(): Promise<void> {
    // From before the call: the lease in Redis begins later, so it ends later than ours.
    const startedAt = performance.now()
    await beat(redis, bus, member, applied())
    const gap = performance.now() >= endsAt
    endsAt = startedAt + noticeLeaseMs
    if (!gap) return
    stretch++
    onJoined()
  }

  function startBeat(): void {
    if (closed) return
    if (beating !== undefined) {
      again = true
      return
    }
    again = false
    beating = beatOnce()
      .catch(() => {
        // Redis is away, which its client has logged: the next beat comes within a second.
      })
      .finally(() => {
        beating = undefined
        if (again) startBeat()
      })
  }

  // A Redis that went away may come back without knowing us.
  const forget = () => {
    endsAt = 0
  }
  redis.on('close', forget)
  const timer = setInterval(startBeat, beatMs)
  startBeat()

  return {
    stretch: () => (performance.now() < endsAt ? stretch : undefined),
    beat: startBeat,
    async close() {
      closed = true
      clearInterval(timer)
      redis.off('close', forget)
      await beating
      endsAt = 0
      await leave(redis, bus, member).catch(() => {
        // Redis is away: the lease ends by itself.
      })
    },
  }
}
