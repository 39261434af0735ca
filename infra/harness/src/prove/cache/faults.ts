import { setTimeout as delay } from 'node:timers/promises'
import type { TestRedis } from '@botyard/testkit'
import type { Redis } from 'ioredis'
import type { Fleet } from '../fleet.ts'

const names = [
  'process stopped',
  'process killed',
  'redis killed',
  'redis stopped',
  'connections cut',
  'messages cut',
  'redis emptied',
] as const

/** What can be done to processes and to the cache's Redis, and how often it was. */
export interface CacheFaults {
  readonly counts: Record<(typeof names)[number], number>
  /** Injects faults until the signal aborts; everything runs again when it resolves. */
  run(signal: AbortSignal): Promise<void>
}

/** A schedule of faults; `random` fixes which come when. */
export function planCacheFaults(options: {
  server: TestRedis
  redis: Redis
  processes: Fleet
  leaseMs: number
  random: () => number
}): CacheFaults {
  const { server, redis, processes, leaseMs, random } = options
  const counts = Object.fromEntries(names.map(name => [name, 0])) as CacheFaults['counts']
  const pick = (n: number) => Math.floor(random() * n)
  const stopped: Promise<void>[] = []

  const faults: Record<keyof CacheFaults['counts'], () => Promise<unknown> | undefined> = {
    'process stopped'() {
      // From within a lease to far beyond it.
      const resume = processes.pause(pick(processes.members.length))
      const ended = delay(50 + random() * leaseMs * 3).then(() => void resume())
      stopped.push(ended)
      return undefined
    },
    async 'process killed'() {
      processes.replace(pick(processes.members.length))
    },
    async 'redis killed'() {
      // It comes back as it was at the snapshot, with values whose invalidation it has forgotten.
      await redis.save()
      await delay(pick(1_000))
      await server.kill('SIGKILL')
      await delay(pick(500))
      await server.restart({ waitUntilReady: false })
    },
    async 'redis stopped'() {
      server.pause()
      await delay(pick(leaseMs * 3))
      server.resume()
    },
    'connections cut': () => redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
    'messages cut': () => redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub'),
    'redis emptied': () => redis.flushall(),
  }
  // The commonest fault of all is a process that stands still.
  const dice = [...names, 'process stopped', 'process stopped', 'process stopped', 'redis killed'] as const

  /** Each of them comes in a short run too, the rarer ones first. */
  const once = [...names]

  return {
    counts,
    async run(signal) {
      while (!signal.aborted) {
        await delay(200 + pick(800), undefined, { signal }).catch(() => undefined)
        if (signal.aborted) break
        const name = once.pop() ?? dice[pick(dice.length)]!
        counts[name]++
        // Redis may be on its way up: then that fault is over before it began.
        await Promise.resolve(faults[name]()).catch(() => undefined)
      }
      await Promise.all(stopped)
      await server.waitUntilReady()
    },
  }
}
