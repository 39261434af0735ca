import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createRandom, startRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { Fleet } from '../fleet.ts'
import { planCacheFaults } from './faults.ts'
import type { Counts, TruthMessage } from './protocol.ts'
import { TruthLedger } from './truth-ledger.ts'

/** What to run. */
export interface CacheOptions {
  readonly seconds: number
  readonly processes: number
  readonly keys: number
  readonly seed: number
}

/** What a run found. */
export interface CacheReport {
  readonly counts: Counts
  readonly faults: Readonly<Record<string, number>>
  /** Empty if no read that began after a write was acknowledged returned an older version. */
  readonly problems: readonly string[]
}

/** Shorter than in earnest, so that more leases begin and end among the faults, in ms. */
const leaseMs = 600

/**
 * Processes that read and write the same few keys through one cache, under faults. The cache's Redis keeps
 * nothing but snapshots, so that a killed one comes back with values whose invalidation it has forgotten.
 */
export async function runCache({ seconds, processes: size, keys, seed }: CacheOptions): Promise<CacheReport> {
  await using stack = new AsyncDisposableStack()
  const [server, source] = await Promise.all([
    startRedis({ extra: ['--appendonly', 'no'] }),
    startRedis({ appendfsync: 'no' }),
  ])
  stack.defer(async () => {
    await Promise.all([server.stop(), source.stop()])
  })
  const redis = new Redis(server.url, { maxRetriesPerRequest: 0, commandTimeout: 1_000 })
  redis.on('error', () => undefined)
  stack.defer(() => redis.disconnect())

  const ledger = new TruthLedger()
  const args = [server.url, source.url, String(keys), String(leaseMs)]
  const take = (message: TruthMessage) => ledger.take(message)
  const processes = new Fleet(join(import.meta.dirname, 'truth-process.ts'), () => args, size, take)
  stack.defer(() => processes.stop())
  const faults = planCacheFaults({ server, redis, processes, leaseMs, random: createRandom(seed) })

  await faults.run(AbortSignal.timeout(seconds * 1000))
  // What was read and written last is told within a tenth of a second.
  await delay(500)
  return { counts: ledger.counts(), faults: faults.counts, problems: ledger.problems() }
}
