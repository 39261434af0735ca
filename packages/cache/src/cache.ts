import { randomBytes } from 'node:crypto'
import type { Keyring, Naming } from '@botyard/service-kit'
import { connectionTo } from '@botyard/service-kit/redis-cluster'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { listenForAcknowledgements } from './acknowledgement-listener.ts'
import { Acknowledgements } from './acknowledgements.ts'
import { Dependents } from './dependents.ts'
import { createEpoch } from './epoch.ts'
import { type ChangedName, type Confirmation, Invalidator } from './invalidator.ts'
import { toJson } from './json.ts'
import { leaseTimes } from './lease-times.ts'
import { Membership } from './membership.ts'
import { MemoryTier } from './memory-tier.ts'
import { type CacheMetrics, createCounts } from './metrics.ts'
import { type Keep, type Named, Reader } from './reader.ts'
import { RedisTier } from './redis-tier.ts'
import { withCacheScripts } from './scripts.ts'
import { SingleFlight } from './single-flight.ts'

/** How a value is kept. */
export interface KeepOptions extends Keep {
  /** Names shared by many values, which `invalidate` takes too; the same ones at each call for one key. */
  readonly tags?: readonly string[] | undefined
}

/** What changed. */
export interface Changed {
  readonly keys?: readonly string[]
  readonly tags?: readonly string[]
}

/**
 * A cache in two tiers, memory and Redis, before a source. A read that begins after `invalidate` has
 * resolved, in whatever process, returns nothing that was loaded before `invalidate` was called. Values are
 * JSON and come back frozen.
 */
export interface Cache {
  /**
   * The value of a key, or what `load` says, which is then kept; many who ask at once share one load. Rejects
   * as `load` does. While Redis is away it loads each time, one load at a time for a key.
   */
  remember<T>(key: string, keep: KeepOptions, load: () => T | Promise<T>): Promise<T>
  /** The value if it is there; undefined also while Redis is away. */
  get<T>(key: string): Promise<T | undefined>
  /**
   * Keeps a value that has no source, in place of any other; of two at once, the later in Redis stays.
   * Rejects as `invalidate` does. What has a source is changed there, then invalidated: two writers may come
   * here in another order than there.
   */
  set(key: string, value: unknown, keep: KeepOptions): Promise<void>
  /**
   * To be called when the source has changed, before anybody is told so: resolves when no process can serve
   * what was there before. Takes a millisecond or two; a little over two seconds (a lease) if a process died,
   * hangs, or Redis was restarted. Rejects with `InvalidationPendingError` when Redis cannot be told within
   * `invalidateWithinMs`.
   */
  invalidate(changed: Changed): Promise<void>
  /** Stops serving and gives its place up; the clients stay open, they are the caller's. */
  close(): Promise<void>
}

/** What a cache is made of. */
export interface CacheOptions {
  /** Should fail fast while Redis is away (role `commands`). */
  readonly redis: Redis
  /** A connection in subscriber mode, to the same Redis; may be shared by several caches. */
  readonly subscriber: Redis
  readonly keyring: Pick<Keyring, 'seal' | 'open'>
  readonly naming: Pick<Naming, 'cache'>
  /** What its keys and metrics are called; no braces. Caches of one namespace share their values. */
  readonly namespace: string
  /** Values in memory at most. */
  readonly maxEntries: number
  /** Their estimated bytes at most. */
  readonly maxBytes: number
  readonly logger: Logger
  readonly metrics?: CacheMetrics | undefined
  /** How long Redis may be away before `invalidate` rejects (5000), in ms. */
  readonly invalidateWithinMs?: number
  /**
   * How long a process serves its memory without hearing from Redis (2000), in ms; the same in all processes.
   */
  readonly leaseMs?: number
}

/** Opens a cache; it works at once, without its memory until Redis has granted a lease. */
export function createCache(options: CacheOptions): Cache {
  return new TieredCache(options)
}

/** One look into memory in so many is timed: asking the time costs as much as the look. */
const timedOneIn = 1024

class TieredCache implements Cache {
  readonly #namespace: string
  readonly #naming: Pick<Naming, 'cache'>
  readonly #dependents = new Dependents()
  readonly #loads = new SingleFlight<unknown>()
  readonly #memory: MemoryTier
  readonly #redis: RedisTier
  readonly #membership: Membership
  readonly #reader: Reader
  readonly #invalidator: Invalidator
  readonly #counts: ReturnType<typeof createCounts>
  readonly #closers: (() => unknown)[]
  #looks = 0

  constructor(options: CacheOptions) {
    const {
      subscriber,
      keyring,
      naming,
      namespace,
      metrics,
      logger,
      leaseMs = 2_000,
      invalidateWithinMs = 5_000,
    } = options
    // All of a namespace lies in one slot: on a cluster one node has it, and its start is the epoch.
    const redis = withCacheScripts(connectionTo(options.redis, `botyard:cache:{${namespace}}`))
    const times = leaseTimes(leaseMs)
    const writer = randomBytes(9).toString('base64url')
    const acknowledgements = new Acknowledgements()
    const epoch = createEpoch(redis, namespace, logger)
    this.#namespace = namespace
    this.#naming = naming
    this.#memory = new MemoryTier(options, this.#dependents)
    const size = () => ({ entries: this.#memory.size, bytes: this.#memory.bytes })
    this.#counts = metrics?.of(namespace, size) ?? createCounts()
    this.#redis = new RedisTier({ redis, epoch, keyring, namespace })
    const listener = {
      drop: (names: readonly string[]) => {
        for (const name of names) this.#dependents.drop(name)
      },
      dropAll: () => this.#dependents.dropAll(),
      applied: acknowledgements.heard.bind(acknowledgements),
    }
    const stopListening = listenForAcknowledgements({
      subscriber,
      namespace,
      writer,
      acknowledgements,
      logger,
    })
    this.#membership = new Membership({ redis, subscriber, epoch, namespace, times, listener, logger })
    this.#reader = new Reader({
      memory: this.#memory,
      redis: this.#redis,
      membership: this.#membership,
      dependents: this.#dependents,
      counts: this.#counts,
      onOutdated: key => this.#loads.detach(key),
    })
    this.#invalidator = new Invalidator({
      ...{ redis, epoch, membership: this.#membership, acknowledgements, namespace, writer, times },
      withinMs: invalidateWithinMs,
    })
    this.#closers = [
      () => this.#invalidator.close(),
      () => this.#membership.close(),
      stopListening,
      () => epoch.close(),
      () => this.#memory.clear(),
    ]
  }

  remember<T>(key: string, keep: KeepOptions, load: () => T | Promise<T>): Promise<T> {
    const now = performance.now()
    const leased = this.#membership.leased(now)
    const entry = leased ? this.#look(key, now) : this.#unleased()
    if (entry !== undefined) return Promise.resolve(entry.value as T)
    return this.#loads.share(key, leased, () =>
      this.#reader.obtain(this.#named(key, keep.tags), keep, load),
    ) as Promise<T>
  }

  get<T>(key: string): Promise<T | undefined> {
    const now = performance.now()
    const entry = this.#membership.leased(now) ? this.#look(key, now) : this.#unleased()
    if (entry !== undefined) return Promise.resolve(entry.value as T)
    return this.#reader.look(this.#named(key)) as Promise<T | undefined>
  }

  async set(key: string, value: unknown, { ttlMs, negativeTtlMs, tags }: KeepOptions): Promise<void> {
    const named = this.#named(key, tags)
    const json = toJson(value)
    const lives = Math.floor(json === '' ? (negativeTtlMs ?? 0) : ttlMs)
    if (lives < 1) return this.invalidate({ keys: [key] })
    const body = this.#redis.seal(named.name, json)
    await this.#count(this.#invalidator.put(named.name, named.tags, body, lives, this.#redis.freshToken()))
  }

  async invalidate({ keys = [], tags = [] }: Changed): Promise<void> {
    const names: ChangedName[] = [
      ...keys.map(key => ({ name: this.#name('key', key), tag: false })),
      ...tags.map(tag => ({ name: this.#name('tag', tag), tag: true })),
    ]
    await this.#count(this.#invalidator.invalidate(names))
  }

  async close(): Promise<void> {
    for (const close of this.#closers) await close()
  }

  #look(key: string, now: number) {
    const entry = this.#memory.get(key, now)
    this.#counts.memory[entry === undefined ? 'miss' : 'hit']++
    if (++this.#looks % timedOneIn === 0) this.#counts.took('memory', performance.now() - now)
    return entry
  }

  #unleased(): undefined {
    this.#counts.memory.unleased++
  }

  async #count(change: Promise<Confirmation>): Promise<void> {
    const startedAt = performance.now()
    try {
      this.#counts.changes[await change]++
      this.#counts.confirmed(performance.now() - startedAt)
    } catch (error) {
      this.#counts.changes.pending++
      throw error
    }
  }

  #named(key: string, tags: readonly string[] = []): Named {
    return { key, name: this.#name('key', key), tags: [...new Set(tags)].map(tag => this.#name('tag', tag)) }
  }

  #name(kind: 'key' | 'tag', text: string): string {
    return this.#naming.cache(this.#namespace, kind, text)
  }
}
