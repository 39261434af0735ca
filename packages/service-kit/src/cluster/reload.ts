import type { Logger } from 'pino'
import type { Child } from './fork-child.ts'
import type { Place } from './place.ts'

/** A child that is not ready within this time does not take the place of the old one, in ms. */
const readyWithinMs = 60_000

/** What a reload needs. */
export interface ReloadDeps {
  readonly places: readonly Place[]
  readonly isReady: (child: Child) => Promise<boolean>
  readonly logger: Logger
  readonly stopping: AbortSignal
}

/** Renews the processes one by one. */
export interface Reload {
  /** Begins one, or another one after that which is under way. */
  ask(): void
  /** Resolves when none is under way. */
  ended(): Promise<void>
}

/**
 * A new process has to be ready before the old one in its place closes, so there is one more for a while, and
 * never one less. The first that does not become ready ends the reload: the others would not either.
 */
export function createReload({ places, isReady, logger, stopping }: ReloadDeps): Reload {
  let running: Promise<void> | undefined
  let isAskedAgain = false

  async function run(): Promise<void> {
    do {
      isAskedAgain = false
      await renewAll()
    } while (isAskedAgain && !stopping.aborted)
    running = undefined
  }

  async function renewAll(): Promise<void> {
    logger.info({ processes: places.length }, 'reloading')
    for (const [number, place] of places.entries()) {
      const isDone = await place.renew(isReady, readyWithinMs)
      if (stopping.aborted) return
      if (isDone) continue
      logger.error({ place: number }, 'reload given up: a new process is not ready, the old ones go on')
      return
    }
    logger.info('reloaded')
  }

  return {
    ask() {
      if (stopping.aborted) return
      isAskedAgain = true
      running ??= run()
    },
    ended: () => running ?? Promise.resolve(),
  }
}
