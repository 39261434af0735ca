import { quantile } from '../../shared/statistics.ts'

/** How the replies to a run's updates arrived at the platform. */
export interface Replies {
  /** Those that arrived while it counted; the times are theirs. */
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Messages that answer nothing that was waited for: sent twice, or into another chat. */
  readonly strays: number
  /** Accepted updates that were never answered. */
  readonly missing: number
}

/** Follows each update from the webhook's call until its reply arrives. */
export interface ReplyBook {
  readonly underWay: number
  sent(update: number, chat: string, now: number): void
  /** The update was not accepted: no reply is waited for. */
  refused(update: number): void
  /** A message arrived that answers this update (undefined: none at all). */
  arrived(update: number | undefined, chat: string, now: number): void
  beginToCount(): void
  stopCounting(): void
  sumUp(): Replies
}

/** An empty book. */
export function createReplyBook(): ReplyBook {
  const awaited = new Map<number, { readonly chat: string; readonly sentAtMs: number }>()
  const times: number[] = []
  let counts = false
  let strays = 0
  return {
    get underWay() {
      return awaited.size
    },
    sent: (update, chat, now) => void awaited.set(update, { chat, sentAtMs: now }),
    refused: update => void awaited.delete(update),
    arrived(update = -1, chat, now) {
      const sent = awaited.get(update)
      if (sent?.chat !== chat) {
        strays++
        return
      }
      awaited.delete(update)
      if (counts) times.push(now - sent.sentAtMs)
    },
    beginToCount() {
      counts = true
    },
    stopCounting() {
      counts = false
    },
    sumUp() {
      const sorted = Float64Array.from(times).sort()
      const [p50Ms, p99Ms, maxMs] = [0.5, 0.99, 1].map(share => quantile(sorted, share)) as [number, number, number]
      return { count: times.length, p50Ms, p99Ms, maxMs, strays, missing: awaited.size }
    },
  }
}
