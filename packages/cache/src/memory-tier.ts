import { LRUCache } from 'lru-cache'
import type { Dependent, Dependents } from './dependents.ts'

/**
 * What an entry costs beside its key and value, in bytes: measured with keys of 22 characters and one tag.
 */
const overheadBytes = 400

/**
 * The values that a process has in memory, bounded by their number and by their estimated bytes; the least
 * recently used goes first.
 */
export class MemoryTier {
  readonly #entries: LRUCache<string, MemoryEntry>
  readonly #dependents: Dependents

  constructor(bounds: { maxEntries: number; maxBytes: number }, dependents: Dependents) {
    this.#dependents = dependents
    this.#entries = new LRUCache<string, MemoryEntry>({
      max: bounds.maxEntries,
      maxSize: bounds.maxBytes,
      dispose: entry => dependents.remove(entry),
    })
  }

  /** The entry, unless its time is over; `now` is `performance.now()`. */
  get(key: string, now: number): MemoryEntry | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && now < entry.endsAt ? entry : undefined
  }

  /**
   * Keeps a value until `endsAt` by `performance.now()`; `jsonLength` is the length of its JSON. One that is
   * too large is not kept.
   */
  set(key: string, names: readonly string[], value: unknown, endsAt: number, jsonLength: number): void {
    const entry: MemoryEntry = { names, value, endsAt, drop: () => this.#entries.delete(key) }
    this.#entries.set(key, entry, { size: overheadBytes + 2 * (key.length + jsonLength) })
    if (this.#entries.peek(key) === entry) this.#dependents.add(entry)
  }

  /** Entries now. */
  get size(): number {
    return this.#entries.size
  }

  /** Their estimated bytes. */
  get bytes(): number {
    return this.#entries.calculatedSize
  }

  clear(): void {
    this.#entries.clear()
  }
}

interface MemoryEntry extends Dependent {
  readonly value: unknown
  readonly endsAt: number
}
