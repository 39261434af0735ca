interface Waiting {
  readonly wanted: number
  readonly resolve: (taken: number) => void
  timer: NodeJS.Timeout | undefined
  /** Takes less than it wanted by now, if only nothing. */
  modest: boolean
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
   * Takes `wanted` places as soon as they are free, first come, first served; after `patienceMs` as many as there are.
   * Answers how many it got: none if the slots were closed.
   */
  takeSoon(wanted: number, patienceMs: number): Promise<number> {
    return new Promise(resolve => {
      const waiting: Waiting = { wanted: Math.min(wanted, this.total), resolve, timer: undefined, modest: false }
      this.#waiting.push(waiting)
      this.#serve()
      if (!this.#waiting.includes(waiting)) return
      waiting.timer = setTimeout(() => {
        waiting.modest = true
        this.#serve()
      }, patienceMs)
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
    if (this.#free > 0)
      for (const goOn of this.#idle.splice(0, this.#free === this.total ? this.#idle.length : n)) goOn()
  }

  /** Lets everybody who waits go on; nobody gets a place from now on. */
  close(): void {
    this.#closed = true
    this.#serve()
    for (const goOn of this.#idle.splice(0)) goOn()
  }

  #serve(): void {
    for (;;) {
      const first = this.#waiting[0]
      if (first === undefined) return
      if (!this.#closed && !first.modest && this.#free < first.wanted) return
      this.#waiting.shift()
      clearTimeout(first.timer)
      first.resolve(this.take(first.wanted))
    }
  }
}
