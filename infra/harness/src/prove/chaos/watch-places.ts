import { setTimeout as delay } from 'node:timers/promises'
import { checkPlaces } from '@botyard/mailbox/testing'
import type { RedisPair } from './redis-pair.ts'

/** A look at all places while everything goes on. */
export interface PlacesWatch {
  /** Looks that were answered. */
  readonly looks: number
  /** What was seen that may never be, each once. */
  readonly problems: ReadonlySet<string>
  stop(): Promise<void>
}

const everyMs = 1000
/** One broken place shows in every look after it. */
const maxProblems = 20

/** Checks about every second that each conversation with mail is in exactly one place. */
export function watchPlaces(pair: RedisPair, partitions: number): PlacesWatch {
  const problems = new Set<string>()
  const ending = new AbortController()
  let looks = 0

  async function look(partition: number): Promise<void> {
    try {
      await pair.ask(redis => checkPlaces(redis, { partition }))
      looks++
    } catch (error) {
      // Redis being away is the run's own doing.
      const isBroken = error instanceof Error && error.name === 'AssertionError'
      if (isBroken && problems.size < maxProblems) problems.add(`partition ${partition}: ${error.message}`)
    }
  }

  const ended = (async () => {
    while (!ending.signal.aborted) {
      for (let partition = 0; partition < partitions; partition++) await look(partition)
      await delay(everyMs, undefined, { signal: ending.signal }).catch(() => undefined)
    }
  })()
  return {
    problems,
    get looks() {
      return looks
    },
    async stop() {
      ending.abort()
      await ended
    },
  }
}
