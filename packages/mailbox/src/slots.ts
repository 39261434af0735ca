interface Waiting {
  readonly wanted: number
  readonly resolve: (taken: number) => void
  /** With fewer free places it waits on: all that it wanted, then one, then none. */
  least: number
  timers: NodeJS.Timeout[]
}

/** The places for handlers that run at once in this process, shared by all queue shards. */
export class Slots {
  readonly total: number
  #free: number
  #closed = false
  readonly #waiting: Waiting[] = []
  readonly #idle: (() => void)[] = []

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

  /**
   * Takes `wanted` places as soon as they are free, first come, first served; after `patienceMs` as many as there are, but
   * at least one; after `mostMs` if only none. Answers how many it got: none also if the slots were closed.
   */
  takeSoon(wanted: number, patienceMs: number, mostMs: number): Promise<number> {
    return new Promise(resolve => {
      const most = Math.min(wanted, this.total)
      const waiting: Waiting = { wanted: most, least: most, resolve, timers: [] }
      this.#waiting.push(waiting)
      this.#serve()
      if (!this.#waiting.includes(waiting)) return
      const settleFor = (least: number) => {
        waiting.least = least
        this.#serve()
      }
      waiting.timers = [setTimeout(settleFor, patienceMs, 1), setTimeout(settleFor, mostMs, 0)]
    })
  }

  /**
   * Resolves when there may be a place to take: each that is given back lets one go on who waits here, the last one all.
   * Takes none.
   */
  whenFree(): Promise<void> {
    if (this.#free > 0 || this.#closed) return Promise.resolve()
    return new Promise(resolve => this.#idle.push(resolve))
  }

  give(n: number): void {
    this.#free += n
    this.#serve()
    if (this.#free === this.total) this.#letGoOn(this.#idle.length)
    else if (this.#free > 0) this.#letGoOn(n)
  }

  /** Lets everybody who waits go on; nobody gets a place from now on. */
  close(): void {
    this.#closed = true
    this.#serve()
    this.#letGoOn(this.#idle.length)
  }

  #letGoOn(n: number): void {
    for (const goOn of this.#idle.splice(0, n)) goOn()
  }

  #serve(): void {
    for (;;) {
      const first = this.#waiting[0]
      if (first === undefined) return
      if (!this.#closed && this.#free < first.least) return
      this.#waiting.shift()
      for (const timer of first.timers) clearTimeout(timer)
      first.resolve(this.take(first.wanted))
    }
  }
}
