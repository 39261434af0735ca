import type { BoxName, ConversationKey } from '@botyard/queue-contracts'
import type { Disposition } from '../drain/disposition.ts'
import type { SettleAnswer } from '../redis/scripts.ts'

/** One operation of a turn: what becomes of a head. */
export interface Settlement {
  readonly box: BoxName
  readonly conversation: ConversationKey
  /** Fence and position as they stand in Redis, accept time of the head. */
  readonly hold: string
  /** Size of the head. */
  readonly bytes: number
  readonly disposition: Disposition
  /** Keep the hold if there is more mail. */
  readonly keep: boolean
  /** Most further entries to return. */
  readonly wanted: number
  /** Something is known of the head that must be forgotten with it. */
  readonly troubled: boolean
  /** A place to send is reserved: take the outbox, if it is free. */
  readonly grant: boolean
}

/** What came of it. */
export interface Settled {
  readonly status: 'empty' | 'released' | 'parked' | 'delayed' | 'refused' | 'held'
  /** This process holds the outbox for the replies. */
  readonly granted: boolean
  readonly entries: readonly Buffer[]
}

const statuses = ['empty', 'released', 'parked', 'delayed', 'refused', 'held'] as const
const grantedFlag = 16

/**
 * An operation's line, layout in `lua/operations.lua`; one argument for all, as every argument costs client
 * and Redis more than its bytes.
 */
export function lineOf(settlement: Settlement): string {
  const { box, conversation, hold, bytes, wanted, troubled, grant } = settlement
  const [verb, argument1, argument2] = wordsOf(settlement)
  const replies = blobsOf(settlement.disposition).length
  return (
    `${box === 'inbox' ? 'i' : 'o'} ${conversation} ${hold} ${verb} ${argument1} ${argument2} ` +
    `${wanted} ${bytes} ${troubled ? 1 : 0} ${replies} ${grant ? 1 : 0}\n`
  )
}

/** What an operation carries besides its line: replies, a letter, or a record. */
export function blobsOf(disposition: Disposition): readonly Buffer[] {
  switch (disposition.do) {
    case 'ack':
      return disposition.replies?.map(reply => reply.entry) ?? []
    case 'dead':
      return [disposition.letter]
    case 'record':
      return [disposition.record]
    default:
      return []
  }
}

/** Verb and its two arguments. */
function wordsOf({
  disposition,
  keep,
}: Settlement): [verb: string, argument1: string | number, argument2: string | number] {
  const kept = keep ? 1 : 0
  switch (disposition.do) {
    case 'ack':
      return ['ack', kept, '-']
    case 'dead':
    // To the script a record is a letter: it pops the head and keeps the bytes for the mover.
    case 'record':
      return ['dead', kept, '-']
    case 'quarantine':
      return ['quarantine', kept, '-']
    case 'retry':
      return ['retry', Math.ceil(disposition.afterMs), disposition.counts ? 1 : 0]
    case 'pause':
      return ['pause', Math.ceil(disposition.afterMs), '-']
    case 'park':
      return ['park', disposition.reason, '-']
    case 'back':
      return ['back', Math.ceil(disposition.afterMs), disposition.parkAfterMs]
    case 'release':
      return ['release', '-', '-']
  }
}

/** Reads what a turn answered about an operation. */
export function readSettled(answer: SettleAnswer): Settled {
  const [code, ...entries] = typeof answer === 'number' ? [answer] : answer
  return { status: statuses[code % grantedFlag]!, granted: code >= grantedFlag, entries }
}
