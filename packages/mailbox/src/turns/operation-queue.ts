import { type BotId, botOf } from '@botyard/queue-contracts'
import type { Disposition } from '../drain/disposition.ts'
import { blobsOf, type Settled, type Settlement } from './settlement.ts'

/**
 * Asked at the moment in which a settlement goes out: what is to become of the head after all, undefined =
 * what was said.
 */
export type LastWord = () => Disposition | undefined

/** What besides belongs to a settlement. */
export interface SettleOptions {
  readonly lastWord?: LastWord | undefined
  /** No turn is taken for it alone, for some milliseconds. */
  readonly mayWait?: boolean
}

/** One operation on its way to Redis. */
export interface PendingOperation {
  readonly settlement: Settlement
  readonly resolve: (settled: Settled) => void
  readonly reject: (error: unknown) => void
}

interface Waiting extends PendingOperation {
  readonly lastWord: LastWord | undefined
}

const maxOperations = 256
/** What a turn may carry, and be answered. */
export const maxTurnBytes = 1024 * 1024

/**
 * A turn of so many operations takes a few milliseconds. One of {@link maxOperations} takes five times as
 * long, and an update of another bot waits for up to three turns until it is answered. Short turns get
 * through a quarter less.
 */
const maxOperationsBesideOthers = 48
/** Turns stay short for so long after two bots were seen at work and one had most of it, in ms. */
const staysShortMs = 10_000

/**
 * What ended while a turn was under way: the next one settles it, each bot's first before any bot's second.
 * While one bot has more than half of what waits and another one is at work, turns are short.
 */
export class OperationQueue {
  readonly #now: () => number
  /** By bot, in the order of their turns. */
  readonly #lines = new Map<BotId, Waiting[]>()
  #floodedUntilMs = Number.NEGATIVE_INFINITY

  constructor(now = () => performance.now()) {
    this.#now = now
  }

  get isEmpty(): boolean {
    return this.#lines.size === 0
  }

  /** Resolves when a turn has carried it out. */
  add(settlement: Settlement, lastWord: LastWord | undefined): Promise<Settled> {
    return new Promise((resolve, reject) => {
      const bot = botOf(settlement.conversation)
      const line = this.#lines.get(bot)
      const waiting = { settlement, lastWord, resolve, reject }
      if (line) line.push(waiting)
      else this.#lines.set(bot, [waiting])
    })
  }

  /** Takes as many as fit into one turn, at least one if there is any. */
  takeBatch(): PendingOperation[] {
    const max = this.#maxOperations()
    const batch: PendingOperation[] = []
    const taken = new Map<BotId, number>()
    let bytes = 0
    for (const { bot, waiting } of this.#inRounds()) {
      for (const blob of blobsOf(waiting.settlement.disposition)) bytes += blob.length
      if (batch.length === max || (batch.length > 0 && bytes > maxTurnBytes)) break
      batch.push(lastSaid(waiting))
      taken.set(bot, (taken.get(bot) ?? 0) + 1)
    }
    for (const [bot, count] of taken) this.#remove(bot, count)
    return batch
  }

  #maxOperations(): number {
    const lengths = [...this.#lines.values()].map(line => line.length)
    const sum = lengths.reduce((all, length) => all + length, 0)
    const isFlooded = lengths.length > 1 && Math.max(...lengths) > sum / 2
    if (isFlooded) this.#floodedUntilMs = this.#now() + staysShortMs
    return this.#now() < this.#floodedUntilMs ? maxOperationsBesideOthers : maxOperations
  }

  *#inRounds(): Generator<{ bot: BotId; waiting: Waiting }> {
    const lines = [...this.#lines]
    const rounds = Math.max(0, ...lines.map(([, line]) => line.length))
    for (let round = 0; round < rounds; round++) {
      for (const [bot, line] of lines) if (round < line.length) yield { bot, waiting: line[round]! }
    }
  }

  /** What is left of a bot has its turn after the others'. */
  #remove(bot: BotId, count: number): void {
    const line = this.#lines.get(bot)!
    this.#lines.delete(bot)
    line.splice(0, count)
    if (line.length > 0) this.#lines.set(bot, line)
  }
}

function lastSaid(waiting: Waiting): PendingOperation {
  const disposition = waiting.lastWord?.()
  if (disposition === undefined) return waiting
  // Its signal is aborted: what comes after this head deserves a fresh one.
  return { ...waiting, settlement: { ...waiting.settlement, disposition, grant: false, keep: false } }
}
