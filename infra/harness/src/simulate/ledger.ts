import { type Percentiles, percentiles } from '../shared/statistics.ts'
import { readMessageText } from './message-text.ts'
import type { Attempt } from './platforms/platform.ts'
import { noHandler } from './register-bot.ts'

/** The books at one moment. Counts are of messages unless they say otherwise. */
export interface Balance {
  /** Given to the platform, which delivers them. */
  readonly sent: number
  /** Answered with a 2xx in the end. */
  readonly accepted: number
  /** Not accepted so far. */
  readonly undelivered: number
  /** Webhook calls for updates that had been accepted before. */
  readonly duplicatesSent: number
  /** Of which at least one reply came. */
  readonly handled: number
  /** Replies that came, every one counted. */
  readonly replied: number
  /** Accepted, and no reply came. */
  readonly lost: number
  /** Replies that had come before. */
  readonly duplicated: number
  /** Replies that came after the reply to a later message of their chat. */
  readonly outOfOrder: number
  /** Replies in the wrong chat, with another text, or to nothing we sent. */
  readonly strange: number
  /** Webhook calls that were not answered with a 2xx, by status or reason. */
  readonly refused: Readonly<Record<string, number>>
  /** Of them those that asked for patience (429, 503) without saying how long. */
  readonly refusedWithoutTime: number
  /** From the start of a webhook call to its 2xx. */
  readonly ackMs: Percentiles
  /** From the user's message (waiting in the platform's queue included) to its reply. */
  readonly updateToReplyMs: Percentiles
}

/** One message in the books. */
export interface Entry {
  readonly text: string
  readonly sentAtMs: number
  accepted: boolean
  replies: number
}

/**
 * Keeps the books of a run: what was sent, accepted and replied, in which order. Times are of
 * performance.now().
 */
export interface Ledger {
  /** Number of the next message of a chat, from 1. */
  nextSequence(chat: number): number
  sent(chat: number, text: string, nowMs: number): Entry
  accepted(entry: Entry): void
  attempted(attempt: Attempt): void
  replied(chat: number | undefined, text: string, nowMs: number): void
  /** Counts what moves: messages accepted, replies. */
  readonly moves: number
  /** The counts of now, cheap enough to ask while messages are sent. */
  readonly counts: Pick<Balance, 'sent' | 'accepted' | 'handled'> & { readonly refused: number }
  /** Whether every message is accepted and has its reply. */
  readonly settled: boolean
  /** Times of the webhook calls since this was last asked. */
  takeRecentAckMs(): number[]
  balance(): Balance
}

/** Opens empty books. */
export function createLedger(): Ledger {
  const chats = new Map<number, { entries: Entry[]; lastReplied: number }>()
  const counts = { sent: 0, accepted: 0, duplicatesSent: 0, handled: 0, replied: 0 }
  const wrongs = { duplicated: 0, outOfOrder: 0, strange: 0 }
  const refused: Record<string, number> = {}
  let refusedWithoutTime = 0
  const ackMs: number[] = []
  const updateToReplyMs: number[] = []
  let recentAckMs: number[] = []
  let settledEntries = 0

  const settle = (entry: Entry) => {
    if (entry.accepted && entry.replies > 0) settledEntries++
  }

  return {
    nextSequence: chat => (chats.get(chat)?.entries.length ?? 0) + 1,
    sent(chat, text, nowMs) {
      let book = chats.get(chat)
      if (book === undefined) {
        book = { entries: [], lastReplied: 0 }
        chats.set(chat, book)
      }
      const entry = { text, sentAtMs: nowMs, accepted: false, replies: 0 }
      book.entries.push(entry)
      counts.sent++
      return entry
    },
    accepted(entry) {
      entry.accepted = true
      counts.accepted++
      settle(entry)
    },
    attempted({ answer, tookMs, duplicate, retryAfter }) {
      if (duplicate) counts.duplicatesSent++
      if (typeof answer === 'number' && answer >= 200 && answer <= 299) {
        ackMs.push(tookMs)
        recentAckMs.push(tookMs)
      } else {
        refused[answer] = (refused[answer] ?? 0) + 1
        if ((answer === 429 || answer === 503) && retryAfter === undefined) refusedWithoutTime++
      }
    },
    replied(chat, text, nowMs) {
      counts.replied++
      const marked = readMessageText(text)
      const book = marked !== undefined && marked.chat === chat ? chats.get(chat) : undefined
      const entry = book?.entries[marked!.sequence - 1]
      if (entry?.text !== text) {
        wrongs.strange++
        return
      }
      if (entry.replies++ > 0) {
        wrongs.duplicated++
        return
      }
      counts.handled++
      updateToReplyMs.push(nowMs - entry.sentAtMs)
      settle(entry)
      if (marked!.sequence < book!.lastReplied) wrongs.outOfOrder++
      else book!.lastReplied = marked!.sequence
    },
    get moves() {
      return counts.accepted + counts.replied
    },
    get counts() {
      const { sent, accepted, handled } = counts
      return {
        sent,
        accepted,
        handled,
        refused: Object.values(refused).reduce((sum, calls) => sum + calls, 0),
      }
    },
    get settled() {
      return settledEntries === counts.sent
    },
    takeRecentAckMs() {
      const recent = recentAckMs
      recentAckMs = []
      return recent
    },
    balance() {
      const entries = [...chats.values()].flatMap(book => book.entries)
      return {
        ...counts,
        undelivered: counts.sent - counts.accepted,
        lost: entries.filter(entry => entry.accepted && entry.replies === 0).length,
        ...wrongs,
        ...{ refused, refusedWithoutTime },
        ackMs: percentiles(ackMs),
        updateToReplyMs: percentiles(updateToReplyMs),
      }
    },
  }
}

/** What is wrong in the books: all must be accepted, handled once and in order, and nothing else replied. */
export function problemsOf(balance: Balance & { readonly waiting?: number }): string[] {
  const { undelivered, lost, waiting = 0, duplicated, outOfOrder, strange } = balance
  const faults = {
    'messages were never accepted': undelivered,
    'messages were lost': lost,
    [`messages wait, which is not to be lost. ${noHandler}`]: waiting,
    'replies came more than once': duplicated,
    'replies came after the reply to a later message of their chat': outOfOrder,
    'replies were in the wrong chat, of another text or to nothing that was sent': strange,
  }
  return Object.entries(faults).flatMap(([what, n]) => (n === 0 ? [] : [`${n} ${what}`]))
}
