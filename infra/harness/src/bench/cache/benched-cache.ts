/** One process's part of a cache, as the benchmark drives it. */
export interface BenchedCache {
  remember(key: string, load: () => unknown): Promise<unknown>
  invalidate(key: string): Promise<unknown>
  close(): Promise<unknown>
}

/**
 * A cache under test; `open` gives another part of the same cache, with connections of its own and an empty
 * memory.
 */
export interface CacheSystem {
  readonly name: CacheSystemName
  open(url: string): Promise<BenchedCache>
}

/** `bentocache-parsed`: as it is by default, with JSON in memory that is parsed at each hit. */
export const cacheSystemNames = ['bentocache-parsed', 'bentocache', 'botyard'] as const
export type CacheSystemName = (typeof cacheSystemNames)[number]

/** How long values live: longer than any run, in ms. */
export const ttlMs = 600_000

/** Entries in memory at the most. */
export const maxEntries = 50_000
