/** Loads under way, so that many who want the same at the same time share one. */
export class Turns<T> {
  readonly #running = new Map<string, Promise<T>>()
  readonly #next = new Map<string, Promise<T>>()

  /**
   * Shares a run of `key`. The running one is shared only if `join`: whoever cannot know that nothing has changed since it began
   * shares the next one, which begins when this one has ended.
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
