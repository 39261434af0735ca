/** The places for handlers that run at once in this process, shared by all queue shards. */
export class Slots {
  readonly total: number
  #free: number
  #closed = false
  readonly #waiting: (() => void)[] = []

  constructor(total: number) {
    this.total = total
    this.#free = total
  }

  get free(): number {
    return this.#free
  }

  /** Takes up to `wanted` places, without waiting; answers how many it got. */
  take(wanted: number): number {
    const taken = this.#closed ? 0 : Math.min(wanted, this.#free)
    this.#free -= taken
    return taken
  }

  give(n: number): void {
    this.#free += n
    while (this.#free > 0 && this.#waiting.length > 0) this.#waiting.shift()!()
  }

  /** Resolves when a place is free, or when the slots were closed. */
  async untilFree(): Promise<void> {
    while (this.#free === 0 && !this.#closed) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.push(resolve)
      await promise
    }
  }

  /** Lets everybody who waits go on; `take` gives nothing from now on. */
  close(): void {
    this.#closed = true
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
