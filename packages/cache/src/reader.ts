import { setTimeout as delay } from 'node:timers/promises'
import type { Dependent, Dependents } from './dependents.ts'
import { fromJson, toJson } from './json.ts'
import type { Membership } from './membership.ts'
import type { MemoryTier } from './memory-tier.ts'
import type { CacheCounts } from './metrics.ts'
import type { Found, Leave, RedisTier } from './redis-tier.ts'

/** How long a value is kept, and what it depends on. */
export interface Keep {
  /** A value loaded longer ago than this is served nowhere, in ms. */
  readonly ttlMs: number
  /**
   * Remembers for that long that there is nothing (`undefined`), in ms; without it, that is asked for each
   * time.
   */
  readonly negativeTtlMs?: number | undefined
}

/** An entry by its own key and by the keyed names of it and its tags. */
export interface Named {
  readonly key: string
  readonly name: string
  readonly tags: readonly string[]
}

/** After waiting that long for the load of another process a caller loads too, in ms. */
const maxWaitMs = 5_000

/** Gets values past memory: from Redis, failing that from the source, and keeps them in both. */
export class Reader {
  readonly #memory: MemoryTier
  readonly #redis: RedisTier
  readonly #membership: Membership
  readonly #dependents: Dependents
  readonly #counts: CacheCounts
  /** Called when a value under way may have become old: nobody who asks from now on may share it. */
  readonly #onOutdated: (key: string) => void

  constructor(options: {
    memory: MemoryTier
    redis: RedisTier
    membership: Membership
    dependents: Dependents
    counts: CacheCounts
    onOutdated: (key: string) => void
  }) {
    this.#memory = options.memory
    this.#redis = options.redis
    this.#membership = options.membership
    this.#dependents = options.dependents
    this.#counts = options.counts
    this.#onOutdated = options.onOutdated
  }

  /** The value from Redis, or undefined. */
  look(named: Named): Promise<unknown> {
    return this.#follow(named, async flight => {
      const found = await this.#ask(named, false)
      return found.outcome === 'hit' ? this.#take(named, flight, found) : undefined
    })
  }

  /** The value from Redis, or what `load` says; rejects as `load` does. */
  obtain(named: Named, keep: Keep, load: () => unknown): Promise<unknown> {
    return this.#follow(named, async flight => {
      const until = performance.now() + maxWaitMs
      for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 50)) {
        const found = await this.#ask(named, true)
        if (found.outcome === 'hit') return this.#take(named, flight, found)
        if (found.outcome !== 'wait') {
          return this.#load(named, flight, keep, load, 'leave' in found ? found.leave : undefined)
        }
        if (performance.now() > until) return this.#load(named, flight, keep, load, undefined)
        await delay(Math.min(found.ms + 1, pauseMs * (1 + Math.random())))
      }
    })
  }

  /** Hears of every change from before it asks Redis until it has put the value into memory. */
  async #follow(named: Named, run: (flight: Flight) => Promise<unknown>): Promise<unknown> {
    const flight: Flight = {
      names: [named.name, ...named.tags],
      mayKeep: this.#membership.joined,
      drop: () => {
        flight.mayKeep = false
        this.#onOutdated(named.key)
      },
    }
    this.#dependents.add(flight)
    try {
      return await run(flight)
    } finally {
      this.#dependents.remove(flight)
    }
  }

  async #ask({ name, tags }: Named, load: boolean): Promise<Found> {
    const startedAt = performance.now()
    const found = await this.#redis.read(name, tags, load)
    this.#counts.redis[found.outcome]++
    this.#counts.took('redis', performance.now() - startedAt)
    return found
  }

  #take({ key }: Named, flight: Flight, { json, endsAt, tags }: Extract<Found, { outcome: 'hit' }>): unknown {
    const value = fromJson(json)
    // Tags that this reader did not name may have changed since, and it would not have heard.
    const heardAll = tags.every(tag => flight.names.includes(tag))
    if (flight.mayKeep && heardAll)
      this.#memory.set(key, [flight.names[0]!, ...tags], value, endsAt, json.length)
    return value
  }

  async #load(
    { key, name, tags }: Named,
    flight: Flight,
    keep: Keep,
    load: () => unknown,
    leave: Leave | undefined,
  ): Promise<unknown> {
    const startedAt = performance.now()
    let json: string
    try {
      json = toJson(await load())
    } catch (error) {
      if (leave !== undefined) this.#redis.release(name, leave)
      throw error
    } finally {
      this.#counts.took('source', performance.now() - startedAt)
    }
    const value = fromJson(json)
    const ttlMs = Math.floor((json === '' ? (keep.negativeTtlMs ?? 0) : keep.ttlMs) * jitter())
    if (leave === undefined) {
      this.#counts.fills.away++
    } else if (ttlMs < 1) {
      this.#redis.release(name, leave)
    } else {
      const endsAt = performance.now() + ttlMs
      const filled = await this.#redis.fill(name, tags, leave, json, ttlMs)
      this.#counts.fills[filled]++
      if (flight.mayKeep && filled === 'stored')
        this.#memory.set(key, flight.names, value, endsAt, json.length)
    }
    return value
  }
}

interface Flight extends Dependent {
  mayKeep: boolean
}

/** What is kept at the same time does not end at the same time. */
function jitter(): number {
  return 0.9 + Math.random() / 10
}
