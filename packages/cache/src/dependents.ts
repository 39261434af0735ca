/** What is void when one of its names changes: an entry in memory, or a value being loaded. */
export interface Dependent {
  /** Keyed names of its key and its tags. */
  readonly names: readonly string[]
  /** Called once at most, when it is no dependent any more. */
  drop(): void
}

/** Finds what depends on a name. Most names have one dependent, which costs no set. */
export class Dependents {
  readonly #byName = new Map<string, Dependent | Set<Dependent>>()

  add(dependent: Dependent): void {
    for (const name of dependent.names) {
      const known = this.#byName.get(name)
      if (known === undefined) this.#byName.set(name, dependent)
      else if (known instanceof Set) known.add(dependent)
      else if (known !== dependent) this.#byName.set(name, new Set([known, dependent]))
    }
  }

  /** Nothing if it was removed before. */
  remove(dependent: Dependent): void {
    for (const name of dependent.names) {
      const known = this.#byName.get(name)
      if (known === dependent) this.#byName.delete(name)
      else if (known instanceof Set && known.delete(dependent) && known.size === 0) this.#byName.delete(name)
    }
  }

  /** Drops what depends on a name. */
  drop(name: string): void {
    const known = this.#byName.get(name)
    if (known === undefined) return
    for (const dependent of known instanceof Set ? [...known] : [known]) this.#drop(dependent)
  }

  /** Drops all. */
  dropAll(): void {
    for (const name of [...this.#byName.keys()]) this.drop(name)
  }

  #drop(dependent: Dependent): void {
    this.remove(dependent)
    dependent.drop()
  }
}
