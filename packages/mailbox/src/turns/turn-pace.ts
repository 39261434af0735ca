import { setTimeout as delay, setImmediate as turnEnd } from 'node:timers/promises'

/** After a turn of so many operations the next one waits a moment, so that it grows too. */
const busyBatch = 8
const gatherMs = 1
/** What may wait goes with a turn that something else wants, or after so long with one of its own, in ms. */
const patienceMs = 10

/** When the operations that wait are to have a turn. */
export class TurnPace {
  readonly #onDue: () => void
  #isDue = false
  #timer: NodeJS.Timeout | undefined
  #lastBatch = 0

  constructor(onDue: () => void) {
    this.#onDue = onDue
  }

  /** A turn is worth while for what waits. */
  get isDue(): boolean {
    return this.#isDue
  }

  /** One more waits. */
  added(mayWait: boolean): void {
    // Never throws: it begins a turn, whose failures are told as trouble.
    if (mayWait) this.#timer ??= setTimeout(() => this.#due(), patienceMs)
    else this.#due()
  }

  /** A turn took some; `isLeft`: not all that waited. */
  took(operations: number, isLeft: boolean): void {
    this.#lastBatch = operations
    this.#isDue = isLeft
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Resolves when the next turn is to begin: what comes up until then goes with it. */
  async gather(): Promise<void> {
    await (this.#lastBatch >= busyBatch ? delay(gatherMs) : turnEnd())
  }

  #due(): void {
    this.#isDue = true
    this.#onDue()
  }
}
