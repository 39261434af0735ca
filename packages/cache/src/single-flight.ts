/** Loads under way. Callers who want the same key at the same time share one load. */
export class SingleFlight<T> {
  readonly #running = new Map<string, Promise<T>>()
  readonly #next = new Map<string, Promise<T>>()

  /**
   * Shares a run of `key`: the running one if `join`, otherwise the next one, which begins when the running
   * one has ended. A caller that cannot know whether something has changed since the running one began must
   * not join.
   */
  share(key: string, join: boolean, run: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key)
    if (running === undefined) return this.#start(key, run)
    if (join) return running
    let next = this.#next.get(key)
    if (next === undefined) {
      next = running
        .catch(() => undefined)
        .then(() => {
          this.#next.delete(key)
          return this.#start(key, run)
        })
      this.#next.set(key, next)
    }
    return next
  }

  /** What runs now goes on, but nobody joins it any more. */
  detach(key: string): void {
    this.#running.delete(key)
  }

  #start(key: string, run: () => Promise<T>): Promise<T> {
    const running: Promise<T> = run().finally(() => {
      if (this.#running.get(key) === running) this.#running.delete(key)
    })
    this.#running.set(key, running)
    return running
  }
}
