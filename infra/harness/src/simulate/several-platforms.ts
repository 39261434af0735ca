import type { Ledger } from './ledger.ts'
import { platforms } from './platforms/index.ts'
import type { RunningSystem } from './running-system.ts'
import { simulateTraffic, type TrafficReport } from './simulate-traffic.ts'

/** Traffic of several platforms at once. */
export interface SeveralPlatforms {
  /** Messages that were answered so far, by platform; 0 in the first second. */
  handled(): Readonly<Record<string, number>>
  /** Times from call to 2xx since this was last asked, in ms. */
  takeAckMs(): number[]
  /** Ends the sending; the books of each platform, when all is handled or nothing moves any more. */
  end(): Promise<readonly TrafficReport[]>
}

/** Begins it: a bot of its own and `rate` messages a second of each platform. `end` must be called. */
export function startSeveralPlatforms(options: {
  run: RunningSystem
  names: readonly string[]
  rate: number
  chats: number
  seed: number
  /** `end` is called long before. */
  maxSeconds?: number
  patienceSeconds?: number
  onWarning: (message: string) => void
}): SeveralPlatforms {
  const { run, names, rate, chats, seed, maxSeconds = 900, patienceSeconds = 30, onWarning } = options
  const stop = new AbortController()
  const ledgers = new Map<string, Ledger>()
  const running = Promise.allSettled(
    names.map((name, i) =>
      simulateTraffic(
        {
          ...{ run, rate, chats, platform: platforms[name]!, seed: seed + i },
          ...{ seconds: maxSeconds, patienceSeconds, duplicateShare: 0.02 },
        },
        { onProgress: (_, ledger) => void ledgers.set(name, ledger), onWarning },
        stop.signal,
      ),
    ),
  )
  return {
    handled: () => Object.fromEntries(names.map(name => [name, ledgers.get(name)?.counts.handled ?? 0])),
    takeAckMs: () => [...ledgers.values()].flatMap(ledger => ledger.takeRecentAckMs()),
    async end() {
      stop.abort()
      return (await running).map(result => {
        if (result.status === 'rejected') throw result.reason
        return result.value
      })
    },
  }
}
