/**
 * A bounded cache in two generations: reads find both, writes go to the young one, and when that is full it
 * becomes the old one. At most `2 * max` entries; keeps whatever is read at least once a generation. Unlike a
 * Map reordered at each read it does nothing but look up while an entry is young, which is what the hot path
 * does.
 */
export class RecentMap<Value> {
  readonly #max: number
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()

  constructor(max: number) {
    this.#max = max
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: string, value: Value): void {
    if (this.#young.size >= this.#max) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
