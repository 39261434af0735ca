import { MailboxUnavailableError } from '../errors.ts'
import type { Delivery, DeliveryOutcome } from './delivery.ts'

/** An update that waits for its script. */
export interface Pending {
  readonly delivery: Delivery
  /** When it began to wait, in ms of the queue's clock. */
  readonly sinceMs: number
  readonly resolve: (outcome: DeliveryOutcome) => void
  readonly reject: (error: Error) => void
}

const maxUpdates = 256
const maxBytes = 1024 * 1024

/**
 * The updates that wait for the next script, in their order. One that waits for too long is refused and never
 * stored: its caller gives up soon after. A store that takes less than comes would otherwise store only what
 * nobody waits for any more, and every call would be refused, though all of them were stored.
 */
export class DeliveryQueue {
  readonly #maxWaitMs: number
  readonly #now: () => number
  #pending: Pending[] = []

  /** @param now - A monotonic clock, in ms. */
  constructor(maxWaitMs: number, now: () => number = () => performance.now()) {
    this.#maxWaitMs = maxWaitMs
    this.#now = now
  }

  get length(): number {
    return this.#pending.length
  }

  add(delivery: Delivery): Promise<DeliveryOutcome> {
    // Here too: while the store stands still, nothing is taken.
    this.#refuseLate()
    return new Promise((resolve, reject) => {
      this.#pending.push({ delivery, sinceMs: this.#now(), resolve, reject })
    })
  }

  /** Takes what fits into one script, at least one update if any waits. */
  takeBatch(): Pending[] {
    this.#refuseLate()
    let bytes = 0
    let n = 0
    while (n < this.#pending.length && n < maxUpdates) {
      bytes += this.#pending[n]!.delivery.body.length
      if (n > 0 && bytes > maxBytes) break
      n++
    }
    const batch = this.#pending
    this.#pending = batch.splice(n)
    return batch
  }

  #refuseLate(): void {
    const lateBefore = this.#now() - this.#maxWaitMs
    const isInTime = ({ sinceMs }: Pending) => sinceMs >= lateBefore
    if (this.#pending.length === 0 || isInTime(this.#pending[0]!)) return
    const inTime = this.#pending.findIndex(isInTime)
    const late = this.#pending.splice(0, inTime < 0 ? Infinity : inTime)
    for (const { reject } of late) reject(new MailboxUnavailableError())
  }
}
