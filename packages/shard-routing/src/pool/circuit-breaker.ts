export type BreakerState = 'closed' | 'open' | 'half-open'

/** How many failures in a row open it. */
const FAILURES = 5
/** It stays open for that long at first, then twice as long each time its trial fails, in ms. */
const FIRST_OPEN_MS = 500
const LONGEST_OPEN_MS = 8_000

/**
 * Keeps callers off a shard that fails: their worker slots are for the users of other shards. After a pause one caller at
 * a time tries it; the first success lets everybody in.
 */
export class CircuitBreaker {
  #failures = 0
  #openMs = FIRST_OPEN_MS
  #openUntil = 0
  #trying = false

  /** Asks to be let in: `undefined`, or after how many ms to ask again. Who is let in tells `succeeded`, `failed` or `abstained`. */
  enter(now = performance.now()): number | undefined {
    if (this.#failures < FAILURES) return undefined
    if (now < this.#openUntil) return this.#openUntil - now
    if (this.#trying) return FIRST_OPEN_MS
    this.#trying = true
    return undefined
  }

  succeeded(): void {
    this.#failures = 0
    this.#openMs = FIRST_OPEN_MS
    this.#trying = false
  }

  failed(now = performance.now()): void {
    this.#failures++
    const trial = this.#trying
    this.#trying = false
    if (trial) this.#openMs = Math.min(this.#openMs * 2, LONGEST_OPEN_MS)
    // What failed beside the trial, or was under way when it opened, does not hold it open for longer.
    if (trial || this.#failures === FAILURES) this.#openUntil = now + this.#openMs
  }

  /** Neither: the caller did not use the shard after all. */
  abstained(): void {
    this.#trying = false
  }

  state(now = performance.now()): BreakerState {
    if (this.#failures < FAILURES) return 'closed'
    return now < this.#openUntil ? 'open' : 'half-open'
  }
}
