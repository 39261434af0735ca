import type { ConversationKey } from '@botyard/queue-contracts'
import { ChurnedMap } from './churned-map.ts'

/** A set of names in which one may stand several times. */
export class NameCounts {
  readonly #counts = new ChurnedMap<ConversationKey, number>()

  has(name: ConversationKey): boolean {
    return this.#counts.has(name)
  }

  add(name: ConversationKey): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  remove(name: ConversationKey): void {
    const left = (this.#counts.get(name) ?? 0) - 1
    if (left > 0) this.#counts.set(name, left)
    else this.#counts.delete(name)
  }
}
