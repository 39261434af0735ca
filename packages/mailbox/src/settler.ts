import { setTimeout } from 'node:timers/promises'
import type { BoxName, ConversationKey } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { boxBase, shardBase } from './keys.ts'
import type { SettleAnswer } from './scripts.ts'
import type { Verdict } from './verdict.ts'

/** One operation of the settle script. */
export interface Settlement {
  readonly conversation: ConversationKey
  readonly fence: string
  /** Entries popped since the claim. */
  readonly position: number
  /** Size of the entry at that position. */
  readonly bytes: number
  readonly verdict: Verdict
  /** Keep the hold if there is more mail. */
  readonly keep: boolean
  /** Most further entries to return. */
  readonly wanted: number
}

/** What the settle script answered, see `lua/settle.lua`. */
export interface Settled {
  readonly status: 'held' | 'empty' | 'released' | 'parked' | 'delayed' | 'refused'
  /** A conversation of the same bot that may run now. */
  readonly nextInLine: ConversationKey | undefined
  /** The replies are the first in their outbox mailbox: wake it. */
  readonly repliesFirst: boolean
  readonly delayMs: number
  readonly entries: readonly Buffer[]
}

/** Settles the conversations of one shard and box that finished in the same turn with one script. */
export interface Settler {
  settle(settlement: Settlement): Promise<Settled>
}

interface Pending {
  readonly settlement: Settlement
  readonly resolve: (settled: Settled) => void
}

const retryMs = 250
const mostOperations = 256
const mostBytes = 1024 * 1024

/** Opens a settler. One script is under way at a time; what finishes meanwhile gathers for the next. */
export function createSettler(options: {
  redis: Redis
  shard: number
  box: BoxName
  process: string
  onTrouble?: ((error: unknown) => void) | undefined
}): Settler {
  const { redis, shard, box, process, onTrouble } = options
  const keys = [boxBase(shard, box), shardBase(shard), boxBase(shard, 'outbox')] as const
  let pending: Pending[] = []
  let scheduled = false

  function schedule(): void {
    if (scheduled || pending.length === 0) return
    scheduled = true
    // Never rejects: it asks until it is answered.
    setImmediate(() => void flush())
  }

  async function flush(): Promise<void> {
    const batch = takeBatch()
    const operations = batch.map(({ settlement }) => operationOf(settlement)).join('')
    const blobs = batch.flatMap(({ settlement }) => blobsOf(settlement.verdict))
    const answers = await untilAnswered(() =>
      redis.mailboxSettleBuffer(...keys, process, mostBytes, operations, ...blobs),
    )
    for (const [i, { resolve }] of batch.entries()) resolve(readSettled(answers[i]!))
    scheduled = false
    schedule()
  }

  /**
   * A settle must be answered: until then nobody knows whether the conversation is still ours, and while this process lives
   * nobody else takes it. Lost connections are the client's to repeat; this repeats refusals (out of memory, read only).
   */
  async function untilAnswered<T>(settleOnce: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await settleOnce()
      } catch (error) {
        onTrouble?.(error)
        await setTimeout(retryMs)
      }
    }
  }

  function takeBatch(): Pending[] {
    let bytes = 0
    let n = 0
    while (n < pending.length && n < mostOperations) {
      bytes += bytesOf(pending[n]!.settlement.verdict)
      if (n > 0 && bytes > mostBytes) break
      n++
    }
    const batch = pending
    pending = batch.splice(n)
    return batch
  }

  return {
    settle: settlement =>
      new Promise(resolve => {
        pending.push({ settlement, resolve })
        schedule()
      }),
  }
}

function bytesOf(verdict: Verdict): number {
  return blobsOf(verdict).reduce((sum, blob) => sum + blob.length, 0)
}

/** What an operation carries besides its line: the letter, or the replies. */
function blobsOf(verdict: Verdict): readonly Buffer[] {
  switch (verdict.do) {
    case 'ack':
      return verdict.replies ?? []
    case 'dead':
      return [verdict.letter]
    case 'record':
      return [verdict.record]
    default:
      return []
  }
}

/** An operation's line; one argument for all of them, because every argument costs client and Redis more than its bytes. */
function operationOf({ conversation, fence, position, bytes, verdict, keep, wanted }: Settlement): string {
  // To the script a record is a letter: it pops the head and keeps the bytes for the mover.
  const verb = verdict.do === 'record' ? 'dead' : verdict.do
  return `${conversation} ${fence} ${position} ${bytes} ${verb} ${argumentsOf(verdict, keep, wanted)}\n`
}

/** Argument 1, argument 2, entries wanted, number of replies. */
function argumentsOf(verdict: Verdict, keep: boolean, wanted: number): string {
  switch (verdict.do) {
    case 'ack':
      return `${keep ? 1 : 0} - ${wanted} ${verdict.replies?.length ?? 0}`
    case 'dead':
    case 'record':
      return `${keep ? 1 : 0} - ${wanted} 0`
    case 'retry':
      return `${Math.ceil(verdict.afterMs)} ${verdict.counts ? 1 : 0} 0 0`
    case 'park':
      return `${verdict.reason} - 0 0`
    case 'back':
      return `${Math.ceil(verdict.afterMs)} ${verdict.parkAfterMs} 0 0`
    case 'release':
      return '- - 0 0'
  }
}

const empty: Settled = { status: 'empty', nextInLine: undefined, repliesFirst: false, delayMs: 0, entries: [] }

function readSettled(answer: SettleAnswer): Settled {
  if (answer === 0) return empty
  const status = String(answer[0]) as Settled['status']
  const nextInLine = String(answer[1] ?? '') as ConversationKey
  return {
    status,
    nextInLine: nextInLine || undefined,
    repliesFirst: answer[2] === 1,
    delayMs: status === 'delayed' ? Number(answer[3]) : 0,
    entries: status === 'held' ? (answer.slice(3) as Buffer[]) : [],
  }
}
