import type { Places } from '../drain/places.ts'
import type { ClaimResult } from './claimed.ts'
import { Lookout } from './lookout.ts'

/** Who runs what is claimed from a box. */
export interface Claimer {
  readonly places: Places
  start(partition: number, result: ClaimResult): void
}

/** What a side of a partition's turns needs. */
export interface ClaimSideOptions {
  readonly partition: number
  readonly partitions: number
  /** The groups of bots that this process runs. */
  readonly groups: readonly string[]
  /** Has a turn taken, if one has something to do. */
  readonly goOn: () => void
  /** How many bots of the groups have something ready. */
  readonly countReady: () => Promise<number>
  /** This process looks no more by itself, as it had promised: tokens are to say what is ready. */
  readonly leave: () => void
  /** Adds a token, so that somebody else helps. */
  readonly callHelp: () => void
  /** A clock, in ms; default this process's. */
  readonly now?: () => number
}

/** The claim of a turn for a box, and what is done with the answer. */
export interface ClaimRequest {
  /** Layout in `lua/turn.lua`. */
  readonly words: string
  answered(result: ClaimResult | undefined): void
  /** The turn could not be taken. */
  giveUp(): void
}

/** What is ready but not for us (its bot holds places already) is looked at again then, in ms. */
const lookAgainMs = 25
/** Who takes so many conversations at once has work for others too, and calls them so often, in ms. */
const many = 8
const callAgainMs = 50
/** setTimeout takes no more than 24 days. */
const maxTimerMs = 86_400_000

/** One box of a partition as the turns see it: who claims for it, and what is known of its work. */
export class ClaimSide {
  readonly #options: ClaimSideOptions
  #claimer: Claimer | undefined
  /** There may be something ready. */
  #ready = true
  /** Token jobs whose claim has not been answered. */
  #tokens: { readonly group: string; readonly done: (isLeft: boolean) => void }[] = []
  #timer: NodeJS.Timeout | undefined
  readonly #lookout: Lookout
  readonly #now: () => number
  #calledAt = Number.NEGATIVE_INFINITY

  constructor(options: ClaimSideOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    this.#lookout = new Lookout({
      ...options,
      now: this.#now,
      look: () => this.look(),
      hasPlaces: () => (this.#claimer?.places.free ?? 0) > 0,
    })
  }

  attach(claimer: Claimer): void {
    this.#claimer = claimer
    this.look()
  }

  /** Claims no more. */
  detach(): void {
    this.#claimer = undefined
    clearTimeout(this.#timer)
    this.#leave()
    for (const { done } of this.#tokens.splice(0)) done(false)
  }

  look(): void {
    this.#ready = true
    this.#options.goOn()
  }

  /** A look in the name of a token; resolves to whether only work is left that no free place is for. */
  spend(group: string): Promise<boolean> {
    return new Promise(resolve => {
      if (this.#claimer === undefined) return resolve(false)
      this.#tokens.push({ group, done: resolve })
      this.look()
    })
  }

  /** Whether a turn is worth while for a claim alone. */
  get wantsClaim(): boolean {
    if (this.#claimer === undefined) return false
    if (this.#tokens.length > 0 || this.#lookout.isDue) return true
    return this.#ready && this.#claimer.places.free > 0
  }

  /**
   * What the next turn claims; the places for it are taken before the answer. `settles`: it frees places
   * here.
   * `mayBringSuspect`: one of its claims may bring a suspect.
   */
  request(settles: boolean, mayBringSuspect: boolean): ClaimRequest | undefined {
    const claimer = this.#claimer
    if (claimer === undefined || !(settles || this.wantsClaim) || claimer.places.isClosed) return undefined
    const { places } = claimer
    if (places.isPaused) {
      for (const { done } of this.#tokens.splice(0)) done(true)
      this.#leave()
      return undefined
    }
    const { partition, partitions, groups } = this.#options
    const free = Math.max(0, Math.ceil(places.free / partitions))
    // Of what is free in all partitions the last places are kept. If fewer are free than are to be kept, the
    // rest is kept of what this turn frees: otherwise each place that a quiet bot gave back would become the
    // flood's for good.
    const keep = Math.max(0, free + places.kept - Math.max(0, places.free))
    const tokens = this.#tokens.splice(0)
    const asking = tokens.length === 0 ? '.' : tokens.map(({ group }) => group).join(',')
    const keepsPromise = this.#lookout.isDue
    if (keepsPromise) this.#lookout.end()
    const allows = `${mayBringSuspect ? 1 : 0} ${this.#lookout.offerMs}`
    places.take(free)
    return {
      words: `${free} ${keep} ${asking} ${allows} ${groups.join(',')}${places.busyBots}`,
      giveUp: () => {
        places.give(free)
        this.#tokens.push(...tokens)
        if (keepsPromise) this.#lookout.owe()
      },
      answered: result => {
        for (const { done } of tokens)
          done(result !== undefined && result.left > 0 && result.claimed.length === 0)
        if (result === undefined) return
        places.take(result.claimed.length - free)
        if (this.#claimer !== undefined) this.#note(result)
        else if (result.lookoutMs > 0) this.#options.leave()
        claimer.start(partition, result)
        if (result.claimed.length < free) places.give(0)
      },
    }
  }

  #leave(): void {
    if (this.#lookout.isOwed) this.#options.leave()
    this.#lookout.close()
  }

  /** The promise of this process lets others sleep. */
  #callHelp(): void {
    const now = this.#now()
    if (now - this.#calledAt < callAgainMs) return
    this.#calledAt = now
    this.#options.callHelp()
  }

  #note({ claimed, left, dueInMs, lookoutMs }: ClaimResult): void {
    this.#ready = left > 0 && claimed.length > 0
    this.#lookout.answered({ taken: claimed.length, left, lookoutMs })
    if (lookoutMs > 0 && claimed.length >= many) this.#callHelp()
    clearTimeout(this.#timer)
    const afterMs = left > 0 && claimed.length === 0 ? Math.min(lookAgainMs, dueInMs ?? lookAgainMs) : dueInMs
    if (afterMs !== undefined) {
      // Never throws: it begins a turn, which asks until it is answered.
      this.#timer = setTimeout(() => this.look(), Math.min(afterMs, maxTimerMs))
    }
  }
}
