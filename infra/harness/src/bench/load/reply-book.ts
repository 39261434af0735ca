import { quantile } from '../../shared/statistics.ts'

/** The part of a run that is measured, `performance.now()`. */
export interface Window {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * Whose times count: replies that arrived in the window, or those to updates that were sent in it. As many as
 * can be are a steady stream, which ends with the window. Of a rate, those that take long arrive after it.
 */
export type CountBy = 'arrived' | 'sent'

/** How the replies to a run's updates arrived at the platform. */
export interface Replies {
  /** Those that arrived in the window. */
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
  sumUp(window: Window, by: CountBy): Replies
}

/** An empty book. */
export function createReplyBook(): ReplyBook {
  const awaited = new Map<number, { readonly chat: string; readonly sentMs: number }>()
  const replies: { readonly sentMs: number; readonly arrivedMs: number }[] = []
  let strays = 0
  return {
    get underWay() {
      return awaited.size
    },
    sent: (update, chat, now) => void awaited.set(update, { chat, sentMs: now }),
    refused: update => void awaited.delete(update),
    arrived(update = -1, chat, now) {
      const sent = awaited.get(update)
      if (sent?.chat !== chat) {
        strays++
        return
      }
      awaited.delete(update)
      replies.push({ sentMs: sent.sentMs, arrivedMs: now })
    },
    sumUp({ fromMs, toMs }, by) {
      const isInside = (ms: number) => fromMs <= ms && ms < toMs
      const counted = replies.filter(reply => isInside(by === 'sent' ? reply.sentMs : reply.arrivedMs))
      const sorted = Float64Array.from(counted, ({ sentMs, arrivedMs }) => arrivedMs - sentMs).sort()
      return {
        count: replies.filter(({ arrivedMs }) => isInside(arrivedMs)).length,
        p50Ms: quantile(sorted, 0.5),
        p99Ms: quantile(sorted, 0.99),
        maxMs: quantile(sorted, 1),
        strays,
        missing: awaited.size,
      }
    },
  }
}
