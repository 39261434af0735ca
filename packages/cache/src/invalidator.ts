import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Acknowledgements, Missing } from './acknowledgements.ts'
import type { Epoch } from './epoch.ts'
import { InvalidationPendingError } from './errors.ts'
import { freshId } from './fresh-id.ts'
import { type CacheKeys, noticeChannel } from './keys.ts'
import type { LeaseTimes } from './lease-times.ts'
import type { Membership } from './membership.ts'
import type { ChangeAnswer } from './scripts.ts'

/**
 * What a change was confirmed by: every process said so, or the leases of those that said nothing have ended.
 */
export type Confirmation = 'acknowledged' | 'lease_ended'

/** A keyed name, and whether it is a tag's. */
export interface ChangedName {
  readonly name: string
  readonly tag: boolean
}

/** Redis has been told; in an object, because a promise of a promise would wait for both. */
interface Told {
  readonly confirmation: Promise<Confirmation>
}

/** One script's worth of names, and who waits for it. */
interface Batch {
  readonly names: Map<string, ChangedName>
  readonly told: PromiseWithResolvers<Told>
}

/** Names of one script at most: it holds Redis for about a millisecond. */
const batchNames = 512

/** Names that wait for Redis to come back, at most; beyond that nothing more is remembered. */
const maxWaiting = 100_000

/** Pause before Redis is told again, in ms. */
const againMs = 50

/**
 * Tells Redis of changes and waits until no process can serve the older value. What is asked for while a
 * script is under way shares the next one. A change that could not be told in time stays queued until Redis
 * is back.
 */
export class Invalidator {
  readonly #redis: Redis
  readonly #epoch: Epoch
  readonly #membership: Membership
  readonly #acknowledgements: Acknowledgements
  readonly #times: LeaseTimes
  readonly #withinMs: number
  readonly #channel: string
  /** Acknowledgements are addressed to it. */
  readonly writer: string
  readonly #batches: Batch[] = []
  readonly #closing = new AbortController()
  #waiting = 0
  #telling = false

  constructor(options: {
    redis: Redis
    epoch: Epoch
    membership: Membership
    acknowledgements: Acknowledgements
    namespace: string
    writer: string
    times: LeaseTimes
    withinMs: number
  }) {
    this.#redis = options.redis
    this.#epoch = options.epoch
    this.#membership = options.membership
    this.#acknowledgements = options.acknowledgements
    this.#times = options.times
    this.#withinMs = options.withinMs
    this.#channel = noticeChannel(options.namespace)
    this.writer = options.writer
  }

  /** Resolves when the names' older values are served nowhere; rejects with `InvalidationPendingError`. */
  invalidate(names: readonly ChangedName[]): Promise<Confirmation> {
    if (names.length === 0) return Promise.resolve('acknowledged')
    if (this.#closing.signal.aborted || this.#waiting > maxWaiting) return Promise.reject(this.#pending())
    return this.#inTime(this.#queue(names).told.promise)
  }

  /** The same, with a new value of an entry in its place. */
  async put(
    entry: string,
    tags: readonly string[],
    body: Buffer,
    ttlMs: number,
    token: Buffer,
  ): Promise<Confirmation> {
    const deadline = performance.now() + this.#withinMs
    const told = this.#tell(
      keys =>
        this.#redis.cachePut(
          2 + tags.length,
          ...[keys.state, keys.entry(entry), ...tags.map(tag => keys.tags + tag)],
          ...[freshId(), this.#channel, this.writer, entry, body, ttlMs, token, ...tags],
        ),
      deadline,
    )
    try {
      return await this.#inTime(told)
    } catch (error) {
      // It may have got through or not: what is there is void.
      if (!this.#closing.signal.aborted) this.#queue([{ name: entry, tag: false }])
      throw error
    }
  }

  /** Gives up what has not been told; those who wait for it are told so. */
  close(): void {
    this.#closing.abort()
  }

  #queue(names: readonly ChangedName[]): Batch {
    let batch = this.#batches.at(-1)
    if (batch === undefined || batch.names.size + names.length > batchNames) {
      batch = { names: new Map(), told: Promise.withResolvers() }
      // Nobody may wait for it any more when it is given up.
      batch.told.promise.catch(() => undefined)
      this.#batches.push(batch)
    }
    const before = batch.names.size
    for (const changed of names) batch.names.set(changed.name, changed)
    this.#waiting += batch.names.size - before
    if (!this.#telling) {
      this.#telling = true
      // What else is changed in this turn goes with it.
      queueMicrotask(() => this.#tellAll())
    }
    return batch
  }

  async #tellAll(): Promise<void> {
    for (let batch = this.#batches.shift(); batch !== undefined; batch = this.#batches.shift()) {
      const { names, told } = batch
      await this.#tell(keys => this.#invalidate(keys, [...names.values()])).then(told.resolve, told.reject)
      this.#waiting -= names.size
    }
    this.#telling = false
  }

  #invalidate(keys: CacheKeys, names: readonly ChangedName[]): Promise<ChangeAnswer> {
    return this.#redis.cacheInvalidate(
      1 + names.length,
      keys.state,
      ...names.map(({ name, tag }) => (tag ? keys.tags + name : keys.entry(name))),
      ...[freshId(), this.#channel, this.writer, names.map(({ name }) => name).join(',')],
    )
  }

  /**
   * Resolves when Redis has been told, with the confirmation that is then waited for; tries until the
   * deadline.
   */
  async #tell(
    change: (keys: CacheKeys) => Promise<ChangeAnswer>,
    deadline = Number.POSITIVE_INFINITY,
  ): Promise<Told> {
    const { signal } = this.#closing
    while (!signal.aborted && performance.now() < deadline) {
      const keys = this.#epoch.current
      if (keys !== undefined) {
        try {
          return { confirmation: this.#confirm(keys, await change(keys)) }
        } catch {
          // Whether it got through or not: once more does no harm.
        }
      }
      await delay(againMs, undefined, { signal }).catch(() => undefined)
    }
    throw this.#pending()
  }

  /**
   * Waits for all members to acknowledge, or for the end of the leases that were granted before the change.
   */
  async #confirm(
    keys: CacheKeys,
    [generation, number, settled, ...pairs]: ChangeAnswer,
  ): Promise<Confirmation> {
    const { waitMs } = this.#times
    const now = performance.now()
    // What Redis knew of members is not all there are: leases of an earlier generation are waited for.
    const leasesEnd = settled === 1 ? now : (this.#membership.knownSince(generation) ?? now) + waitMs
    const renewals = new Map<string, number>()
    for (let i = 0; i < pairs.length; i += 2) renewals.set(String(pairs[i]), Number(pairs[i + 1]))
    const missing = this.#acknowledgements.wait(generation, number, renewals.keys())
    const ended = new AbortController()
    try {
      await Promise.race([missing.none, this.#waitAndLook(keys, missing, now + waitMs, ended.signal)])
      const silent = [...missing.members]
      if (silent.length > 0)
        await this.#expel(
          keys,
          generation,
          silent.map(member => [member, renewals.get(member)!]),
        )
      const rest = leasesEnd - performance.now()
      if (rest > 0) await delay(Math.ceil(rest))
      return silent.length > 0 || rest > 0 ? 'lease_ended' : 'acknowledged'
    } finally {
      ended.abort()
      missing.end()
    }
  }

  /** Acknowledgements get lost, and members leave: the state in Redis knows of both. */
  async #waitAndLook(keys: CacheKeys, missing: Missing, until: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const rest = until - performance.now()
      if (rest <= 0) return
      // Undefined: all have acknowledged meanwhile.
      const waited = await delay(Math.min(rest, this.#times.renewMs / 2), true, { signal }).catch(
        () => undefined,
      )
      if (waited === undefined) return
      if (keys !== this.#epoch.current) continue
      // Not awaited: an answer that never comes must not outlast the lease.
      this.#redis.hgetall(keys.state).then(missing.look, () => undefined)
    }
  }

  /** The next writers need not wait for those that have not renewed their lease since. */
  async #expel(keys: CacheKeys, generation: string, silent: readonly [string, number][]): Promise<void> {
    if (keys !== this.#epoch.current) return
    await this.#redis.cacheExpel(1, keys.state, generation, ...silent.flat()).catch(() => undefined)
  }

  /** Bounds the time until Redis has been told; the confirmation after it has a bound of its own. */
  async #inTime(telling: Promise<Told>): Promise<Confirmation> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#pending()), this.#withinMs)
    })
    try {
      const { confirmation } = await Promise.race([telling, late])
      return await confirmation
    } finally {
      clearTimeout(timer)
    }
  }

  #pending(): InvalidationPendingError {
    return new InvalidationPendingError(this.#times.leaseMs)
  }
}
