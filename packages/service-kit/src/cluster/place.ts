import { setTimeout as delay } from 'node:timers/promises'
import type { Child, ChildExit } from './fork-child.ts'

/** What a place needs of the primary. */
export interface PlaceDeps {
  /** Forks a child into the place. Never throws. */
  fork(): Child
  /** A child ended by itself, and the next one starts after a pause. */
  onCrash(child: Child, exit: ChildExit, restartInMs: number): void
  /** Aborts when all is to end. */
  readonly stopping: AbortSignal
}

/** The times of a place, in ms. */
export interface PlaceTimes {
  /** The pause after a crash, doubled with each one up to `maxBackoffMs`. */
  readonly firstBackoffMs: number
  readonly maxBackoffMs: number
  /** A child that ran this long begins with the first pause again. */
  readonly stableAfterMs: number
  /** How long the close of a child may take before it is killed. */
  readonly closeWithinMs: number
}

/** One place among the processes: a child is kept running in it. */
export class Place {
  readonly #deps: PlaceDeps
  readonly #times: PlaceTimes
  #child: Child | undefined
  #backoffMs: number

  constructor(deps: PlaceDeps, times: PlaceTimes) {
    this.#deps = deps
    this.#times = times
    this.#backoffMs = times.firstBackoffMs
    this.#start()
  }

  #start(): void {
    this.#keep(this.#deps.fork())
  }

  #keep(child: Child): void {
    const since = performance.now()
    this.#child = child
    // Never rejects: `exited` does not, and `onEnd` answers for itself.
    void child.exited.then(exit => this.#onEnd(child, exit, performance.now() - since))
  }

  async #onEnd(child: Child, exit: ChildExit, ranMs: number): Promise<void> {
    // Another one has its place, or it was told to go.
    if (this.#child !== child || this.#deps.stopping.aborted) return
    this.#child = undefined
    if (ranMs > this.#times.stableAfterMs) this.#backoffMs = this.#times.firstBackoffMs
    const pauseMs = this.#backoffMs
    this.#backoffMs = Math.min(pauseMs * 2, this.#times.maxBackoffMs)
    this.#deps.onCrash(child, exit, pauseMs)
    await delay(pauseMs, undefined, { signal: this.#deps.stopping }).catch(() => undefined)
    if (!this.#deps.stopping.aborted && this.#child === undefined) this.#start()
  }

  /**
   * Puts a new child into the place of the one that runs, which closes when the new one is ready. False if
   * that does not become ready within `readyWithinMs`: then everything is as before.
   */
  async renew(isReady: (child: Child) => Promise<boolean>, readyWithinMs: number): Promise<boolean> {
    const next = this.#deps.fork()
    const isInTime = await this.#becomesReady(next, isReady, readyWithinMs)
    // Also a ready one when all is to end: `close` has gone by this place, and nobody else would tell it. It
    // is told and not killed, as it may serve before it is ready.
    if (!isInTime || this.#deps.stopping.aborted) {
      await this.#close(next)
      return false
    }
    const old = this.#child
    this.#keep(next)
    if (old) await this.#close(old)
    return true
  }

  async #becomesReady(
    next: Child,
    isReady: (child: Child) => Promise<boolean>,
    withinMs: number,
  ): Promise<boolean> {
    const deadline = performance.now() + withinMs
    const ended = next.exited.then(() => 'ended' as const)
    while (!(await isReady(next))) {
      const outcome = await Promise.race([ended, delay(100)])
      if (outcome === 'ended' || performance.now() > deadline || this.#deps.stopping.aborted) return false
    }
    return true
  }

  async #close(child: Child): Promise<void> {
    const over = new AbortController()
    child.stop()
    const late = delay(this.#times.closeWithinMs, undefined, { signal: over.signal }).then(
      () => child.kill(),
      () => undefined,
    )
    await child.exited
    over.abort()
    await late
  }

  /** Closes the child that runs; true if it ended as it should. */
  async close(): Promise<boolean> {
    const child = this.#child
    if (child === undefined) return true
    await this.#close(child)
    return (await child.exited).code === 0
  }
}
