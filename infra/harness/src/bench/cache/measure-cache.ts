import { startRedis } from '@botyard/testkit'
import { median } from '../../shared/statistics.ts'
import {
  type BenchedCache,
  type CacheSystem,
  type CacheSystemName,
  cacheSystemNames,
} from './benched-cache.ts'
import { bentoCache } from './bentocache-system.ts'
import { botyardCache } from './botyard-cache-system.ts'
import type { CacheBenchOptions } from './options.ts'

/** What one run of one cache took; all but `memoryNs` are medians over the keys. */
export interface CacheMeasurement {
  readonly system: CacheSystemName
  readonly round: number
  /** A look that finds the value in memory, awaited, ns. */
  readonly memoryNs: number
  /** A look that finds it in Redis only, µs. */
  readonly redisMicros: number
  /** A look that finds nothing, loads and keeps what it loaded, µs. */
  readonly missMicros: number
  /** An invalidation with two processes' parts open, µs. */
  readonly invalidateMicros: number
}

const hotKeys = 1_000

/** Measures the caches in turn (A B C A B C …), each with two parts: one that fills and one that finds. */
export async function measureCaches(
  options: CacheBenchOptions,
  progress: (line: string) => void,
): Promise<CacheMeasurement[]> {
  await using stack = new AsyncDisposableStack()
  const server = await startRedis({ extra: ['--appendonly', 'no'] })
  stack.defer(() => server.stop())
  const systems: CacheSystem[] = cacheSystemNames.map(name =>
    name === 'botyard' ? botyardCache() : bentoCache(name),
  )
  const parts: { system: CacheSystem; filler: BenchedCache; finder: BenchedCache }[] = []
  for (const system of systems) {
    const [filler, finder] = [await system.open(server.url), await system.open(server.url)]
    stack.defer(async () => {
      await filler.close()
      await finder.close()
    })
    parts.push({ system, filler, finder })
  }

  const runs: CacheMeasurement[] = []
  // The first round warms up.
  for (let round = 0; round <= options.rounds; round++) {
    for (const { system, filler, finder } of parts) {
      const run = { system: system.name, round, ...(await measure(filler, finder, options, round)) }
      if (round === 0) continue
      progress(
        `round ${round} ${run.system}: memory ${Math.round(run.memoryNs)} ns, Redis ${Math.round(run.redisMicros)} µs, ` +
          `miss ${Math.round(run.missMicros)} µs, invalidation ${Math.round(run.invalidateMicros)} µs`,
      )
      runs.push(run)
    }
  }
  return runs
}

async function measure(
  filler: BenchedCache,
  finder: BenchedCache,
  { hits, keys }: CacheBenchOptions,
  round: number,
) {
  const names = Array.from({ length: keys }, (_, i) => `user-${round}-${i}`)
  const missMicros = await eachMicros(names, key => filler.remember(key, profile))
  const redisMicros = await eachMicros(names, key => finder.remember(key, notThere))
  const hot = names.slice(0, hotKeys)
  const startedAt = process.hrtime.bigint()
  // Where they were loaded: BentoCache 1.6.1 with values in memory as they are fails on those that it found
  // in Redis.
  for (let i = 0; i < hits; i++) await filler.remember(hot[i % hot.length]!, notThere)
  const memoryNs = Number(process.hrtime.bigint() - startedAt) / hits
  const invalidateMicros = await eachMicros(names, key => finder.invalidate(key))
  return { memoryNs, redisMicros, missMicros, invalidateMicros }
}

async function eachMicros(names: readonly string[], run: (key: string) => Promise<unknown>): Promise<number> {
  const micros: number[] = []
  for (const name of names) {
    const startedAt = performance.now()
    await run(name)
    micros.push((performance.now() - startedAt) * 1000)
  }
  return median(micros)
}

/** As large as a user's profile is. */
function profile() {
  return {
    name: 'Ada Lovelace',
    language: 'en',
    settings: { notify: true, zone: 'Europe/London', theme: 'dark' },
    cart: Array.from({ length: 5 }, (_, n) => ({ id: `item-${n}`, count: n + 1, price: 9.99 })),
  }
}

function notThere(): never {
  throw new Error('The value was loaded once more, so this run measures something else')
}
