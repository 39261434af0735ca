import { setTimeout as delay } from 'node:timers/promises'
import type { TestRedis } from '@botyard/testkit'
import type { Fleet } from '../fleet.ts'

/** What can be done to the system under test, and how often it was. */
export interface Faults {
  readonly counts: Record<'worker killed' | 'worker stopped' | 'gateway killed' | 'redis killed', number>
  /** Injects faults until the signal aborts; everything runs again when it resolves. */
  run(signal: AbortSignal): Promise<void>
}

/** Longer than a heartbeat lives (5 s): others have taken over when the process wakes up. */
const stopMs = 7_000

/** A schedule of faults; `random` fixes which come when. */
export function planFaults(options: {
  redis: TestRedis
  workers: Fleet
  writers: Fleet
  random: () => number
}): Faults {
  const { redis, workers, writers, random } = options
  const counts = { 'worker killed': 0, 'worker stopped': 0, 'gateway killed': 0, 'redis killed': 0 }
  const pick = (n: number) => Math.floor(random() * n)
  const wakeUps: Promise<void>[] = []

  async function one(): Promise<void> {
    const dice = random()
    if (dice < 0.3) {
      counts['worker killed']++
      workers.replace(pick(workers.members.length))
    } else if (dice < 0.5) {
      counts['worker stopped']++
      const resume = workers.pause(pick(workers.members.length))
      wakeUps.push(delay(stopMs).then(() => void resume()))
    } else if (dice < 0.75) {
      counts['gateway killed']++
      writers.replace(pick(writers.members.length))
    } else {
      counts['redis killed']++
      await redis.kill('SIGKILL')
      // Not waiting: the apps meet it while it loads its append-only file.
      await redis.restart({ waitUntilReady: false })
    }
  }

  return {
    counts,
    async run(signal) {
      while (!signal.aborted) {
        await delay(800 + pick(1_500), undefined, { signal }).catch(() => undefined)
        if (!signal.aborted) await one()
      }
      await Promise.all(wakeUps)
      await redis.waitUntilReady()
    },
  }
}
