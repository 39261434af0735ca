/**
 * What waits for a thread, first come first served within one bot, the bots in turn: one that brings more
 * than its share waits for itself. In memory and bounded.
 */
export class WaitingLine<T> {
  readonly #max: number
  readonly #ofBot = new Map<string, Set<T>>()
  #size = 0

  /**
   * `most` is how many of one bot may wait while no other bot's do; with n bots it is the n-th part for each.
   */
  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#size
  }

  /** False if the bot has its share waiting already. */
  add(bot: string, one: T): boolean {
    const own = this.#ofBot.get(bot)
    const bots = this.#ofBot.size + (own === undefined ? 1 : 0)
    if ((own?.size ?? 0) >= Math.floor(this.#max / bots)) return false
    if (own === undefined) this.#ofBot.set(bot, new Set([one]))
    else own.add(one)
    this.#size++
    return true
  }

  /** False if it does not wait any more. */
  remove(bot: string, one: T): boolean {
    const own = this.#ofBot.get(bot)
    if (own === undefined || !own.delete(one)) return false
    if (own.size === 0) this.#ofBot.delete(bot)
    this.#size--
    return true
  }

  /** Takes the next out, or undefined if nothing waits. */
  next(): T | undefined {
    for (const [bot, own] of this.#ofBot) {
      for (const one of own) {
        this.remove(bot, one)
        // To the end of the Map's order: the other bots are first now.
        if (this.#ofBot.delete(bot)) this.#ofBot.set(bot, own)
        return one
      }
    }
    return undefined
  }
}
