import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Confirmation } from './invalidator.ts'
import type { Filled, Found } from './redis-tier.ts'

/**
 * How a look into memory ended; `unleased`: it may be old, as this process has heard nothing from Redis for a
 * while.
 */
export type MemoryOutcome = 'hit' | 'miss' | 'unleased'

/** What became of a change. */
export type ChangeOutcome = Confirmation | 'pending'

/** One cache's counts: plain numbers, because a look into memory is cheaper than a counter with labels. */
export interface CacheCounts {
  readonly memory: Record<MemoryOutcome, number>
  readonly redis: Record<Found['outcome'], number>
  readonly fills: Record<Filled, number>
  readonly changes: Record<ChangeOutcome, number>
  /** How long a look into a tier took, or a load from the source, in ms; of memory only one in a thousand. */
  took(tier: Tier, ms: number): void
  /** How long a change took until it was confirmed, in ms. */
  confirmed(ms: number): void
}

export type Tier = 'memory' | 'redis' | 'source'

/** The metrics of all caches of a process. Label values are namespaces, tiers and outcomes: never keys. */
export interface CacheMetrics {
  /** The counts of one namespace; `size` is asked at each scrape. */
  of(namespace: string, size: () => CacheSize): CacheCounts
}

/** What is in memory, in entries and estimated bytes. */
export interface CacheSize {
  readonly entries: number
  readonly bytes: number
}

const seconds = [
  1e-6, 2.5e-6, 1e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5,
]

/** Registers the metrics of caches: `botyard_cache_` names, seconds, `_total` for counters. */
export function createCacheMetrics(registry: Registry): CacheMetrics {
  const registers = [registry]
  const caches = new Map<string, { counts: CacheCounts; size: () => CacheSize }>()
  const counter = (
    name: string,
    help: string,
    of: (counts: CacheCounts) => Record<string, Record<string, number>>,
  ) =>
    new Counter({
      name,
      help,
      labelNames: ['cache', 'tier', 'outcome'],
      registers,
      collect() {
        this.reset()
        for (const [cache, { counts }] of caches) {
          for (const [tier, outcomes] of Object.entries(of(counts))) {
            for (const [outcome, n] of Object.entries(outcomes)) {
              this.inc(tier === '' ? { cache, outcome } : { cache, tier, outcome }, n)
            }
          }
        }
      },
    })
  const gauge = (name: string, help: string, of: (size: CacheSize) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['cache'],
      registers,
      collect() {
        for (const [cache, { size }] of caches) this.set({ cache }, of(size()))
      },
    })
  const histogram = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Histogram({ name, help, labelNames, buckets: seconds, registers })

  counter('botyard_cache_reads_total', 'Looks into a tier, by what was found.', ({ memory, redis }) => ({
    memory,
    redis,
  }))
  counter(
    'botyard_cache_fills_total',
    'Values loaded from the source, by what became of them.',
    ({ fills }) => ({
      '': fills,
    }),
  )
  counter('botyard_cache_changes_total', 'Invalidations, by how they were confirmed.', ({ changes }) => ({
    '': changes,
  }))
  gauge('botyard_cache_entries', 'Entries in memory.', size => size.entries)
  gauge('botyard_cache_bytes', 'Estimated bytes of the entries in memory.', size => size.bytes)
  const tierTime = histogram('botyard_cache_seconds', 'Time of a look into a tier, or of a load.', [
    'cache',
    'tier',
  ])
  const changeTime = histogram('botyard_cache_change_seconds', 'From an invalidation to its confirmation.', [
    'cache',
  ])

  return {
    of(cache, size) {
      const counts = createCounts(
        (tier, ms) => tierTime.observe({ cache, tier }, ms / 1000),
        ms => changeTime.observe({ cache }, ms / 1000),
      )
      caches.set(cache, { counts, size })
      return counts
    },
  }
}

/** Counts from zero; without times, for a cache that nobody scrapes. */
export function createCounts(
  took: CacheCounts['took'] = () => undefined,
  confirmed: CacheCounts['confirmed'] = () => undefined,
): CacheCounts {
  return {
    memory: { hit: 0, miss: 0, unleased: 0 },
    redis: { hit: 0, load: 0, stale: 0, wait: 0, none: 0, away: 0, unreadable: 0 },
    fills: { stored: 0, there: 0, stale: 0, away: 0 },
    changes: { acknowledged: 0, lease_ended: 0, pending: 0 },
    took,
    confirmed,
  }
}
