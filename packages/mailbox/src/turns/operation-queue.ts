import type { Disposition } from '../drain/disposition.ts'
import { blobsOf, type Settled, type Settlement } from './settlement.ts'

/**
 * Asked at the moment in which a settlement goes out: what is to become of the head after all, undefined =
 * what was said.
 */
export type LastWord = () => Disposition | undefined

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

/** What ended while a turn was under way: the next one settles it. */
export class OperationQueue {
  readonly #waiting: Waiting[] = []

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** Resolves when a turn has carried it out. */
  add(settlement: Settlement, lastWord: LastWord | undefined): Promise<Settled> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ settlement, lastWord, resolve, reject })
    })
  }

  /** Takes as many as fit into one turn, at least one if there is any. */
  takeBatch(): PendingOperation[] {
    let bytes = 0
    let n = 0
    while (n < this.#waiting.length && n < maxOperations) {
      for (const blob of blobsOf(this.#waiting[n]!.settlement.disposition)) bytes += blob.length
      if (n > 0 && bytes > maxTurnBytes) break
      n++
    }
    return this.#waiting.splice(0, n).map(lastSaid)
  }
}

function lastSaid(waiting: Waiting): PendingOperation {
  const disposition = waiting.lastWord?.()
  if (disposition === undefined) return waiting
  // Its signal is aborted: what comes after this head deserves a fresh one.
  return { ...waiting, settlement: { ...waiting.settlement, disposition, grant: false, keep: false } }
}
