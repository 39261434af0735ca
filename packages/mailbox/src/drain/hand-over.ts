import { entryBytes, readEntry } from '../redis/entry.ts'
import type { LastWord } from '../turns/operation-queue.ts'
import type { Settled } from '../turns/settlement.ts'
import type { Disposition } from './disposition.ts'
import type { DrainOptions } from './drain-options.ts'
import type { HeldConversation } from './held-conversation.ts'
import type { Mail } from './mail.ts'

/** Gives the outcome of a head to the next turn; resolves when that is answered. */
export type HandOver = (held: HeldConversation, mail: Mail, disposition: Disposition) => Promise<Settled>

/** Most further entries that a settlement asks for. */
const prefetch = 16
/** A conversation is let go after so many entries, or so long. */
const defaultQuota = { updates: 64, ms: 10_000 }

/**
 * Returns the end of a head's way through a drain. If a place to send is free, the turn that stores the
 * replies also gives this process their outbox, and they are sent from memory.
 */
export function createHandOver(
  options: DrainOptions,
  { isStopping, hasRoom }: { isStopping: () => boolean; hasRoom: () => boolean },
): HandOver {
  const { box, turns, outbox, judge, onSettled, quota = defaultQuota } = options

  async function settle(
    held: HeldConversation,
    mail: Mail,
    disposition: Disposition,
    lastWord?: LastWord,
  ): Promise<Settled> {
    const replies = (disposition.do === 'ack' && disposition.replies) || []
    const isWithinQuota = held.position + 1 < quota.updates && performance.now() - held.startedAt < quota.ms
    const grant = replies.length > 0 && !isStopping() && outbox?.reserve(held.bot) === true
    const { partition, hold, replyFence, conversation } = held
    let isGranted = false
    try {
      const settlement = {
        ...{ box, conversation, hold, grant, disposition },
        bytes: entryBytes(mail),
        keep: isWithinQuota && !isStopping() && !held.aborted,
        wanted: held.unread === 0 ? prefetch : 0,
        troubled: held.isTroubled,
      }
      // Nobody needs the record of a sent reply unless this process dies: it may wait for other operations.
      const isRecord = mail.content !== undefined && disposition.do === 'ack' && held.unread === 0
      const mayWait = isRecord && hasRoom() && !isStopping()
      const settled = await turns.settle(partition, settlement, { lastWord, mayWait })
      isGranted = grant && settled.granted
      if (isGranted) {
        const entries = replies.map(({ entry, content }) => ({ ...readEntry(entry), content }))
        const { acceptedAtMs } = entries[0]!
        outbox!.begin({ conversation, partition, fence: replyFence, entries, acceptedAtMs })
      }
      return settled
    } finally {
      if (grant && !isGranted) outbox!.giveBack()
    }
  }

  return async function handOver(held, mail, first) {
    let disposition = first
    // What the handler left behind may have failed since it ended: that counts until its outcome is on its
    // way. A head that had failed already keeps its outcome, but what comes after it needs a fresh signal.
    const lastWord = () => {
      held.decided()
      if (held.failure === undefined) return undefined
      if (disposition.do === 'ack') disposition = judge(mail, held.failure)
      return disposition
    }
    let settled: Settled
    try {
      settled = await settle(held, mail, disposition, lastWord)
    } catch (error) {
      // Redis can never carry it out.
      disposition = judge(mail, error)
      settled = await settle(held, mail, disposition)
    }
    onSettled?.(mail, disposition, settled.status)
    return settled
  }
}
