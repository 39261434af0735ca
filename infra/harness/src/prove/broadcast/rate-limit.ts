import type { Arrival, Refusal } from '../../shared/bot-api.ts'

/** A limit as Telegram counts it: in no second more than so many messages of one bot, 429 beyond. */
export interface RateLimit {
  /** Counts a message; answers why it is refused, if it is. */
  take(arrival: Arrival): Refusal | undefined
  /** Calls refused so far. */
  readonly refused: number
  /** How many messages of a bot arrived within its fullest second, those refused included. */
  readonly maxInASecond: number
}

/** Makes a limit of `perSecond` messages for each bot. */
export function createRateLimit(perSecond: number): RateLimit {
  const seconds = new Map<string, SlidingSecond>()
  let refused = 0
  let maxInASecond = 0
  return {
    take({ bot, atMs }) {
      const second = seconds.get(bot) ?? new SlidingSecond()
      seconds.set(bot, second)
      const taken = second.countAt(atMs)
      maxInASecond = Math.max(maxInASecond, taken + 1)
      if (taken < perSecond) return second.add(atMs)
      refused++
      return { status: 429, description: 'Too Many Requests: retry after 1', parameters: { retry_after: 1 } }
    },
    get refused() {
      return refused
    },
    get maxInASecond() {
      return maxInASecond
    },
  }
}

/** The times of the messages taken in the last second. */
class SlidingSecond {
  readonly #times: number[] = []
  #from = 0

  countAt(nowMs: number): number {
    while (this.#from < this.#times.length && this.#times[this.#from]! <= nowMs - 1000) this.#from++
    if (this.#from > 10_000) {
      this.#times.splice(0, this.#from)
      this.#from = 0
    }
    return this.#times.length - this.#from
  }

  add(nowMs: number): undefined {
    this.#times.push(nowMs)
  }
}
