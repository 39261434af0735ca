export type BreakerState = 'closed' | 'open' | 'half-open'

/** This many failures in a row open it. */
const maxFailures = 5
/** It stays open this long at first, and twice as long each time its trial fails, in ms. */
const firstOpenMs = 500
const maxOpenMs = 8_000

/**
 * Keeps callers off a shard that fails: their worker slots are for the users of other shards. After a pause
 * one caller at a time tries it; the first success lets everybody in.
 */
export class CircuitBreaker {
  #failures = 0
  #openMs = firstOpenMs
  #openUntil = 0
  #trying = false

  /**
   * Asks to be let in: `undefined`, or the ms after which to ask again. A caller that was let in reports
   * `succeeded`, `failed` or `abstained`.
   */
  enter(now = performance.now()): number | undefined {
    if (this.#failures < maxFailures) return undefined
    if (now < this.#openUntil) return this.#openUntil - now
    if (this.#trying) return firstOpenMs
    this.#trying = true
    return undefined
  }

  succeeded(): void {
    this.#failures = 0
    this.#openMs = firstOpenMs
    this.#trying = false
  }

  failed(now = performance.now()): void {
    this.#failures++
    const trial = this.#trying
    this.#trying = false
    if (trial) this.#openMs = Math.min(this.#openMs * 2, maxOpenMs)
    // A failure beside the trial, or of a call that began before it opened, does not keep it open for longer.
    if (trial || this.#failures === maxFailures) this.#openUntil = now + this.#openMs
  }

  /** The caller did not use the shard after all. */
  abstained(): void {
    this.#trying = false
  }

  state(now = performance.now()): BreakerState {
    if (this.#failures < maxFailures) return 'closed'
    return now < this.#openUntil ? 'open' : 'half-open'
  }
}
