/** Members that have not acknowledged a change yet. */
export interface Missing {
  /** Empty when all have. */
  readonly members: ReadonlySet<string>
  /** Settles when it is empty. */
  readonly none: Promise<void>
  /** Takes what the state in Redis says: who has applied the change, or is no member any more. */
  look(state: Readonly<Record<string, string>>): void
  end(): void
}

/** Collects what members acknowledge, for the changes that this process waits for. */
export class Acknowledgements {
  /** An acknowledgement can come before the answer to the change that it is about. */
  readonly #latest = new Map<string, { generation: string; number: number }>()
  readonly #waits = new Set<(generation: string, member: string, number: number) => void>()

  heard(generation: string, member: string, number: number): void {
    this.#latest.delete(member)
    this.#latest.set(member, { generation, number })
    if (this.#latest.size > maxMembers) this.#latest.delete(this.#latest.keys().next().value!)
    for (const wait of this.#waits) wait(generation, member, number)
  }

  /** Waits for these members to apply a change. */
  wait(generation: string, number: number, all: Iterable<string>): Missing {
    const members = new Set(all)
    const { promise: none, resolve } = Promise.withResolvers<void>()
    const has = (member: string) => {
      if (members.delete(member) && members.size === 0) resolve()
    }
    const wait = (ofGeneration: string, member: string, applied: number) => {
      if (ofGeneration === generation && applied >= number) has(member)
    }
    for (const member of [...members]) {
      const latest = this.#latest.get(member)
      if (latest !== undefined) wait(latest.generation, member, latest.number)
    }
    if (members.size === 0) resolve()
    else this.#waits.add(wait)
    return {
      members,
      none,
      look(state) {
        if (state.g !== generation) return
        for (const member of [...members]) {
          if (state[`b:${member}`] === undefined || Number(state[`a:${member}`]) >= number) has(member)
        }
      },
      end: () => void this.#waits.delete(wait),
    }
  }
}

/** Beyond this the oldest is forgotten: its writer finds it in the state. */
const maxMembers = 10_000
