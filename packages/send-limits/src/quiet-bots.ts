import type { Limit } from '@botyard/platforms'
import { RecentMap } from '@botyard/service-kit'
import type { Sender } from './sender.ts'

/** How long what one look at Redis found of a bot holds for its replies, in ms. */
const quietMs = 1_000

/** Bots and tenants that are remembered; one that is forgotten is looked at again. */
const maxSenders = 10_000

/**
 * The bots of which this process has just seen that nothing holds up their replies: credentials good, no
 * pause, no broadcast that counts on what replies are charged. A reply that is only under limits which the
 * platform itself makes known, by a 429, asks nothing then: a look a bot and second is enough, and what this
 * process learns itself holds at once.
 */
export class QuietBots {
  readonly #now: () => number
  /** Until when what was seen holds, by this process's clock; 0 = not any more. */
  readonly #until = new RecentMap<number>(maxSenders)
  /**
   * Messages that left without asking, by bot and limit: the next look charges them, as a broadcast may
   * begin.
   */
  readonly #unasked = new Map<string, Map<string, number>>()

  /** @param now - This process's clock, in ms. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Whether a message may leave without being asked for; it counts as one that left then. */
  mayLeave(sender: Sender, limits: readonly Limit[]): boolean {
    const until = this.#until.get(nameOf(sender))
    if (until === undefined || this.#now() >= until || !limits.every(isReactive)) return false
    let counts = this.#unasked.get(sender.id)
    if (counts === undefined) {
      counts = new Map()
      this.#unasked.set(sender.id, counts)
    }
    for (const { kind, name } of limits) if (kind === 'rate') counts.set(name, (counts.get(name) ?? 0) + 1)
    return true
  }

  /** How many left without asking since the last time, by limit; forgets them. */
  takeUnasked({ id }: Sender): ReadonlyMap<string, number> {
    const counts = this.#unasked.get(id)
    this.#unasked.delete(id)
    return counts ?? none
  }

  saw(sender: Sender, isQuiet: boolean): void {
    if (isQuiet) this.#until.set(nameOf(sender), this.#now() + quietMs)
    else this.disturb(sender)
  }

  /** Something was learned that may hold messages up. */
  disturb(sender: Sender): void {
    this.#until.set(nameOf(sender), 0)
  }
}

const none: ReadonlyMap<string, number> = new Map()

function isReactive(limit: Limit): boolean {
  return limit.kind === 'pause' || (limit.kind === 'rate' && !limit.waits)
}

function nameOf({ id, version, tenant }: Sender): string {
  return tenant === undefined ? `${id} ${version}` : `${id} ${version} ${tenant}`
}
