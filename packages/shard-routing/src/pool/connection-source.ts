import { setTimeout as delay } from 'node:timers/promises'
import type { TimelineMemory } from '@botyard/control-database/shards'
import type pg from 'pg'
import type { Logger } from 'pino'
import { ShardUnavailableError, type UnavailableReason } from '../errors.ts'
import { type BreakerState, CircuitBreaker } from './circuit-breaker.ts'
import { failureKind } from './failure-kind.ts'
import { HostDroppedError, HostPool } from './host-pool.ts'
import { type Primary, PrimaryWatch } from './primary-watch.ts'
import type { ShardPoolMetrics } from './shard-pool-metrics.ts'
import type { ShardPoolSettings } from './shard-pool-settings.ts'

/** A connection that a caller holds. */
export interface Lease {
  readonly client: pg.PoolClient
  readonly host: HostPool
}

/** How a lease ended: the shard `served` (the query itself may have failed), `failed`, or was not asked. */
export type LeaseEnd = 'served' | 'failed' | 'unused'

const firstPauseMs = 25
/** Refused callers come again after half the outage so far, within these bounds, in ms. */
const minRetryAfterMs = 250
const maxRetryAfterMs = 5_000

/** Gives out connections to the current primary of a shard. */
export class ConnectionSource {
  readonly #shard: string
  readonly #settings: ShardPoolSettings
  readonly #logger: Logger
  readonly #metrics: ShardPoolMetrics | undefined
  readonly #watch: PrimaryWatch
  readonly #onHost: (host: HostPool) => void
  readonly #breaker = new CircuitBreaker()
  #host: HostPool | undefined
  #everUp = false
  #awaySinceMs = performance.now()
  #change = Promise.withResolvers<void>()
  #waiting = 0
  #closed = false

  constructor(options: {
    shard: string
    hosts: readonly string[]
    settings: ShardPoolSettings
    memory: TimelineMemory | undefined
    logger: Logger
    metrics: ShardPoolMetrics | undefined
    /** A primary has been found. */
    onHost: (host: HostPool) => void
  }) {
    this.#shard = options.shard
    this.#settings = options.settings
    this.#logger = options.logger
    this.#metrics = options.metrics
    this.#onHost = options.onHost
    this.#watch = new PrimaryWatch({
      ...options,
      onPrimary: primary => this.#turnTo(primary),
      onRefused: () => options.metrics?.refusedHost(options.shard),
    })
  }

  get host(): HostPool | undefined {
    return this.#host
  }

  /** Calls that wait for a connection or for a primary. */
  get waiting(): number {
    return this.#waiting
  }

  get breaker(): BreakerState {
    const hopeless = this.#host === undefined && this.#patienceMs() <= 0
    return hopeless ? 'open' : this.#breaker.state()
  }

  setHosts(hosts: readonly string[]): void {
    this.#watch.setHosts(hosts)
  }

  /**
   * A connection, given back by `release`; rejects with `ShardUnavailableError`, within the acquire time-out.
   */
  async acquire(): Promise<Lease> {
    const startedMs = performance.now()
    const waitMs = this.#breaker.enter(startedMs)
    if (waitMs !== undefined) throw this.unavailable('breaker-open', { afterMs: waitMs })
    this.#waiting++
    try {
      const lease = await this.#connect(startedMs + this.#settings.acquireTimeoutMs)
      this.#metrics?.acquired(this.#shard, performance.now() - startedMs)
      return lease
    } catch (error) {
      // Without a primary nothing was tried: that the breaker need not count.
      const counts = error instanceof ShardUnavailableError && error.reason === 'acquire-timeout'
      this.#tellBreaker(counts ? 'failed' : 'unused')
      throw error
    } finally {
      this.#waiting--
    }
  }

  release({ client, host }: Lease, end: LeaseEnd, broken: boolean): void {
    client.release(broken)
    // A host that is no longer in use says nothing about its successor.
    this.#tellBreaker(host === this.#host ? end : 'unused')
  }

  /** Has the hosts looked at now, if it was the host in use that failed. */
  suspect(host: HostPool): void {
    if (host === this.#host) this.#watch.suspect()
  }

  unavailable(
    reason: UnavailableReason,
    {
      afterMs = this.#comeAgainMs(),
      effect = 'none',
    }: { afterMs?: number; effect?: 'none' | 'unknown' } = {},
    cause?: unknown,
  ): ShardUnavailableError {
    this.#metrics?.unavailable(this.#shard, reason)
    const facts = { reason, effect, afterMs: Math.ceil(afterMs * (0.8 + Math.random() * 0.4)) }
    return new ShardUnavailableError(this.#shard, facts, cause === undefined ? undefined : { cause })
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#watch.close()
    this.#change.resolve()
    await this.#host?.close(this.#settings.acquireTimeoutMs)
  }

  async #connect(deadlineMs: number): Promise<Lease> {
    for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
      const host = this.#host ?? (await this.#untilPrimary(deadlineMs))
      try {
        return { host, client: await host.connect() }
      } catch (error) {
        // A wrong password, a database that does not exist: for a person to mend, and for the caller to see.
        const kind = error instanceof HostDroppedError ? 'never' : failureKind(error)
        if (kind !== 'never' && kind !== 'away' && kind !== 'full') throw error
        if (kind !== 'full') this.suspect(host)
        if (performance.now() + pauseMs > deadlineMs) throw this.unavailable('acquire-timeout', {}, error)
        await Promise.race([this.#change.promise, delay(pauseMs)])
      }
    }
  }

  async #untilPrimary(deadlineMs: number): Promise<HostPool> {
    while (this.#host === undefined) {
      const patienceMs = Math.min(this.#patienceMs(), deadlineMs - performance.now())
      if (this.#closed || patienceMs <= 0) throw this.unavailable('no-primary')
      const timer = new AbortController()
      await Promise.race([
        this.#change.promise,
        delay(patienceMs, undefined, { signal: timer.signal }).catch(() => {}),
      ])
      timer.abort()
    }
    return this.#host
  }

  #patienceMs(): number {
    return this.#awaySinceMs + this.#settings.primaryPatienceMs - performance.now()
  }

  #comeAgainMs(): number {
    if (this.#host !== undefined) return minRetryAfterMs
    return Math.min(Math.max((performance.now() - this.#awaySinceMs) / 2, minRetryAfterMs), maxRetryAfterMs)
  }

  #tellBreaker(end: LeaseEnd): void {
    const before = this.#breaker.state()
    if (end === 'served') this.#breaker.succeeded()
    else if (end === 'failed') this.#breaker.failed()
    else this.#breaker.abstained()
    const after = this.#breaker.state()
    if (before === 'closed' && after === 'open')
      this.#logger.error({ shard: this.#shard }, 'shard fails, left alone')
    else if (before !== 'closed' && after === 'closed')
      this.#logger.info({ shard: this.#shard }, 'shard serves again')
  }

  #turnTo(primary: Primary | undefined): void {
    const left = this.#host
    left?.drop()
    this.#host = primary && new HostPool(primary, this.#settings, this.#logger)
    // All failures so far were on the other host.
    if (this.#host !== undefined) this.#breaker.succeeded()
    this.#tell(left)
    const { resolve } = this.#change
    this.#change = Promise.withResolvers()
    resolve()
    if (this.#host !== undefined) this.#onHost(this.#host)
  }

  #tell(left: HostPool | undefined): void {
    const facts = { shard: this.#shard, host: this.#host?.label, timeline: this.#host?.timeline }
    if (this.#host === undefined) {
      this.#awaySinceMs = performance.now()
      this.#logger.error({ shard: this.#shard, left: left?.label }, 'shard has no primary')
      return
    }
    if (left === undefined && this.#everUp) {
      const awayMs = Math.round(performance.now() - this.#awaySinceMs)
      this.#logger.info({ ...facts, awayMs }, 'shard has a primary again')
    } else this.#logger.info(facts, 'primary of the shard found')
    if (this.#everUp) this.#metrics?.switched(this.#shard)
    this.#everUp = true
  }
}
