import type { BotId } from '@botyard/queue-contracts'

/** Of so many places one is kept for bots that hold none. */
const keptOf = 20

/**
 * The places for what runs at once in this process, shared by all partitions. Some are kept for bots that
 * hold none, so that a bot whose handlers are slow cannot have all of them.
 */
export class Places {
  readonly total: number
  readonly kept: number
  #free: number
  #isClosed = false
  #isPaused = false
  readonly #inHand = new Map<BotId, number>()
  #waiting: { readonly holds: () => boolean; readonly goOn: () => void }[] = []
  #onFree: () => void = () => undefined

  constructor(total: number) {
    this.total = total
    this.kept = total > 1 ? Math.ceil(total / keptOf) : 0
    this.#free = total
  }

  /** Below 0 while what a turn ended has not given its places back, and what it claimed has taken them. */
  get free(): number {
    return this.#isClosed || this.#isPaused ? 0 : this.#free
  }

  /** Whether a bot that holds some could have one more. */
  get hasRoom(): boolean {
    return this.free > this.kept
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Nobody gets a place for now. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  /** The bots that hold something here, each after a space. */
  get busyBots(): string {
    let bots = ''
    for (const bot of this.#inHand.keys()) bots += ` ${bot}`
    return bots
  }

  /** Called whenever places are free again. */
  onFree(listener: () => void): void {
    this.#onFree = listener
  }

  take(n: number): void {
    this.#free -= n
  }

  give(n: number): void {
    this.#free += n
    if (this.free > 0) this.#goOn()
    if (this.free > 0) this.#onFree()
  }

  /** Takes one place for a bot if it may have one: a kept one only if it holds none. */
  takeFor(bot: BotId): boolean {
    if (this.free <= 0 || (!this.hasRoom && this.#inHand.has(bot))) return false
    this.take(1)
    return true
  }

  /** A conversation of the bot is in hand from now on; its place was taken before. */
  begin(bot: BotId): void {
    this.#inHand.set(bot, (this.#inHand.get(bot) ?? 0) + 1)
  }

  /** It is not any more; gives its place back. */
  end(bot: BotId): void {
    const left = this.#inHand.get(bot)! - 1
    if (left > 0) this.#inHand.set(bot, left)
    else this.#inHand.delete(bot)
    this.give(1)
  }

  /** Resolves when a place is free, be it a kept one, or nobody gets one any more. */
  whenFree(): Promise<void> {
    return this.#when(() => this.free > 0)
  }

  /** Resolves when any bot could have a place, or nobody gets one any more. */
  whenRoom(): Promise<void> {
    return this.#when(() => this.hasRoom)
  }

  /** Gives nobody a place, or gives them again. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused
    this.give(0)
  }

  /** Nobody gets a place from now on. */
  close(): void {
    this.#isClosed = true
    this.#goOn()
  }

  #when(holds: () => boolean): Promise<void> {
    if (holds() || this.#isClosed) return Promise.resolve()
    return new Promise(goOn => this.#waiting.push({ holds, goOn }))
  }

  #goOn(): void {
    const waiting = this.#waiting
    this.#waiting = waiting.filter(({ holds }) => !holds() && !this.#isClosed)
    for (const { holds, goOn } of waiting) if (holds() || this.#isClosed) goOn()
  }
}
