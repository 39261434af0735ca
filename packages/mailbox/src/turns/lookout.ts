/** What a lookout works with. */
export interface LookoutOptions {
  /** How many bots have something ready. */
  readonly countReady: () => Promise<number>
  /** Something may be ready: a claim is worth while. */
  readonly look: () => void
  /** Whether this process has places for anything at all. */
  readonly hasPlaces: () => boolean
  /** A clock, in ms. */
  readonly now: () => number
}

/** It is counted so soon after a claim what is ready, in ms, and then after longer and longer times. */
const firstPeekMs = 2
const peekGrowthMs = 1
/** The same for work that only kept places here are for. */
const peekForOthersMs = 5

/** For so long after a claim that took something a process looks by itself, in ms. */
const promiseMs = 20

/** Traffic is dense if a claim took something so shortly before, in ms. */
const denseMs = 40

/** A process whose peek comes so late computes for long, and promises nothing for a while, in ms. */
const lateMs = 20
const offersNothingMs = 1000

/** Redis's clock is read in whole milliseconds: so much later the promise is over there, too. */
const roundingMs = 2

/**
 * Looks for work without tokens, while traffic is dense: the process that was just at work promises to look
 * by itself for some milliseconds, and until then nobody adds a token. It counts the bots that have something
 * ready, which costs one small command. The promise ends with a claim, whatever was counted.
 *
 * It looks as well while work is left that no free place here is for: a bot that comes to it may have a kept
 * place.
 */
export class Lookout {
  readonly #options: LookoutOptions
  #timer: NodeJS.Timeout | undefined
  #isPeeking = false
  #peekMs = firstPeekMs
  /** The bots that have something ready, as far as it is known. */
  #ready = 0
  #looksForOthers = false
  #tookAt = Number.NEGATIVE_INFINITY
  #lateAt = Number.NEGATIVE_INFINITY
  /** The claim that ends the promise is sent then, or later. */
  #owedAt: number | undefined

  constructor(options: LookoutOptions) {
    this.#options = options
  }

  /** For how long (ms) the next claim may promise to look; 0 if traffic is thin, or this process late. */
  get offerMs(): number {
    const now = this.#options.now()
    return now - this.#tookAt < denseMs && now - this.#lateAt >= offersNothingMs ? promiseMs : 0
  }

  /** Whether a promise was given and not kept yet. */
  get isOwed(): boolean {
    return this.#owedAt !== undefined
  }

  /** Whether a claim must be sent now, even one without a place. */
  get isDue(): boolean {
    return this.#owedAt !== undefined && this.#options.now() >= this.#owedAt
  }

  /** The promise is kept, or given back. */
  end(): void {
    this.#owedAt = undefined
  }

  /** A claim could not be taken: the promise is still to be kept. */
  owe(): void {
    this.#owedAt ??= this.#options.now()
  }

  /**
   * What a claim took, how many bots have more, and for how long it promised to look: 0 if what was promised
   * before stands, -1 if nothing does.
   */
  answered({ taken, left, lookoutMs }: { taken: number; left: number; lookoutMs: number }): void {
    const now = this.#options.now()
    if (taken > 0) this.#tookAt = now
    if (lookoutMs < 0) this.#owedAt = undefined
    if (lookoutMs > 0) this.#owedAt = now + lookoutMs + roundingMs
    this.#ready = left
    this.#looksForOthers = left > 0 && taken === 0
    this.#peekMs = firstPeekMs
    this.#peekLater()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#owedAt = undefined
    this.#looksForOthers = false
  }

  #peekLater(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const afterMs = this.#peekAfterMs()
    if (afterMs === undefined) return
    const at = this.#options.now() + afterMs
    // Never rejects: Redis being away is told by the turns.
    this.#timer = setTimeout(() => void this.#peek(at), afterMs)
  }

  #peekAfterMs(): number | undefined {
    if (this.#isPeeking) return undefined
    if (this.#owedAt !== undefined)
      return Math.min(this.#peekMs, Math.max(0, this.#owedAt - this.#options.now()))
    return this.#looksForOthers && this.#options.hasPlaces() ? peekForOthersMs : undefined
  }

  async #peek(at: number): Promise<void> {
    if (this.#options.now() - at > lateMs) this.#lateAt = this.#options.now()
    if (this.isDue) return this.#options.look()
    this.#isPeeking = true
    this.#peekMs += peekGrowthMs
    const ready = await this.#options.countReady().catch(() => this.#ready)
    this.#isPeeking = false
    if (ready > this.#ready) {
      // Without a place the claim does not take it, but has somebody else told.
      if (this.isOwed && !this.#options.hasPlaces()) this.#owedAt = this.#options.now()
      this.#options.look()
    }
    this.#ready = Math.min(this.#ready, ready)
    this.#peekLater()
  }
}
