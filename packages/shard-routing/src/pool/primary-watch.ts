import { setTimeout as delay } from 'node:timers/promises'
import type { TimelineMemory } from '@botyard/control-database/shards'
import { postgresHostLabel } from '@botyard/service-kit'
import type { Logger } from 'pino'
import { choosePrimary } from './choose-primary.ts'
import type { HostReport } from './host-report.ts'
import { HostWatch } from './host-watch.ts'
import type { ShardPoolSettings } from './shard-pool-settings.ts'

/** The host to write to. */
export interface Primary {
  readonly url: string
  readonly timeline: number
}

/** How often the memory is asked for the timelines that other processes have seen, in ms. */
const rememberEveryMs = 5_000
/** A failover waits that long for the memory, in ms: it must not depend on one more database being up. */
const rememberTimeoutMs = 2_000

/** Keeps looking at all hosts of a shard and says which is the primary, or that there is none. */
export class PrimaryWatch {
  readonly #shard: string
  readonly #settings: Pick<ShardPoolSettings, 'tls'>
  readonly #memory: TimelineMemory | undefined
  readonly #logger: Logger
  readonly #onPrimary: (primary: Primary | undefined) => void
  readonly #onRefused: () => void
  readonly #watches = new Map<string, HostWatch>()
  readonly #reports = new Map<string, HostReport>()
  /** Per cluster, the highest timeline that this process has seen or read from the memory. */
  readonly #highest = new Map<string, number>()
  /** The timelines that the memory holds; a cluster that is missing has not been asked for. */
  readonly #remembered = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #refused = new Map<string, string>()
  #primary: Primary | undefined
  #deciding = false
  #decideAgain = false
  #closed = false

  constructor(options: {
    shard: string
    hosts: readonly string[]
    settings: Pick<ShardPoolSettings, 'tls'>
    memory: TimelineMemory | undefined
    logger: Logger
    onPrimary: (primary: Primary | undefined) => void
    /** A writable host was found that must not be written to; once each time it appears. */
    onRefused: () => void
  }) {
    this.#shard = options.shard
    this.#settings = options.settings
    this.#memory = options.memory
    this.#logger = options.logger
    this.#onPrimary = options.onPrimary
    this.#onRefused = options.onRefused
    // Never rejects: reads and writes that fail are tried again.
    this.#timer = setInterval(() => void this.#refresh(), rememberEveryMs)
    this.setHosts(options.hosts)
  }

  setHosts(hosts: readonly string[]): void {
    for (const [url, watch] of this.#watches) {
      if (hosts.includes(url)) continue
      watch.close()
      this.#watches.delete(url)
      this.#reports.delete(url)
    }
    // The order is the operator's, not the order of discovery.
    for (const url of hosts) {
      const report = this.#reports.get(url) ?? { status: 'unknown' }
      this.#reports.delete(url)
      this.#reports.set(url, report)
      if (!this.#watches.has(url)) {
        this.#watches.set(url, new HostWatch(url, this.#settings, found => this.#take(url, found)))
      }
    }
    this.#decideSoon()
  }

  /** A query met trouble there: look now. The others too, as one of them may be the primary by now. */
  suspect(): void {
    for (const watch of this.#watches.values()) watch.suspect()
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    for (const watch of this.#watches.values()) watch.close()
  }

  #take(url: string, report: HostReport): void {
    const before = this.#reports.get(url)
    if (before === undefined) return
    this.#reports.set(url, report)
    if (report.status === 'away' && before.status !== 'away') {
      this.#logger.warn(
        { shard: this.#shard, host: postgresHostLabel(url), err: report.error },
        'host of the shard is away',
      )
    }
    if (report.status === 'standby' || report.status === 'writable') {
      const known = this.#highest.get(report.system) ?? 0
      this.#highest.set(report.system, Math.max(known, report.timeline))
    }
    this.#decideSoon()
  }

  /** One decision at a time; reports that arrive meanwhile are decided on afterwards. */
  #decideSoon(): void {
    if (this.#closed) return
    this.#decideAgain = true
    if (this.#deciding) return
    this.#deciding = true
    // Never rejects: each decision is caught.
    void (async () => {
      while (this.#decideAgain && !this.#closed) {
        this.#decideAgain = false
        await this.#decide().catch(err => {
          this.#logger.error({ shard: this.#shard, err }, 'primary of the shard cannot be chosen')
        })
      }
      this.#deciding = false
    })()
  }

  async #decide(): Promise<void> {
    await this.#learn()
    const { url, timeline, system, refused } = choosePrimary(this.#reports, this.#primary?.url, cluster =>
      this.#knows(cluster) ? (this.#highest.get(cluster) ?? 0) : undefined,
    )
    this.#tellRefused(refused)
    if (url === this.#primary?.url && timeline === (this.#primary?.timeline ?? 0)) return
    // All processes must know of the promotion before the first write: the next to start may see only the old
    // primary.
    if (url !== undefined) await this.#remember(system, timeline)
    if (this.#closed) return
    this.#primary = url === undefined ? undefined : { url, timeline }
    this.#onPrimary(this.#primary)
  }

  #knows(system: string): boolean {
    return this.#memory === undefined || this.#remembered.has(system)
  }

  /** Asks the memory for the clusters that it was not asked for yet. */
  async #learn(): Promise<void> {
    for (const report of this.#reports.values()) {
      if (report.status === 'writable' && !this.#knows(report.system)) await this.#read(report.system)
    }
  }

  async #read(system: string): Promise<void> {
    if (this.#memory === undefined) return
    try {
      const timeline = await withTimeout(rememberTimeoutMs, this.#memory.highest(this.#shard, system))
      this.#remembered.set(system, timeline)
      this.#highest.set(system, Math.max(this.#highest.get(system) ?? 0, timeline))
    } catch (err) {
      this.#logger.warn({ shard: this.#shard, err }, 'remembered timeline of the shard cannot be read')
    }
  }

  async #remember(system: string, timeline: number): Promise<void> {
    if (this.#memory === undefined || (this.#remembered.get(system) ?? 0) >= timeline) return
    try {
      await withTimeout(rememberTimeoutMs, this.#memory.raise(this.#shard, system, timeline))
      this.#remembered.set(system, timeline)
    } catch (err) {
      // Tried again every few seconds. Until then only processes that see the new primary themselves know of
      // it.
      this.#logger.error({ shard: this.#shard, timeline, err }, 'timeline of the shard cannot be remembered')
    }
  }

  /**
   * Reads the timelines that other processes have seen, and writes again those that could not be written
   * before.
   */
  async #refresh(): Promise<void> {
    for (const system of this.#highest.keys()) {
      await this.#read(system)
      await this.#remember(system, this.#highest.get(system) ?? 0)
    }
    this.#decideSoon()
  }

  #tellRefused(refused: ReadonlyMap<string, string>): void {
    for (const [url, why] of refused) {
      if (this.#refused.get(url) === why) continue
      // Unproven is a matter of moments at the start; the others need a person.
      if (why !== 'unproven') this.#onRefused()
      this.#logger.error(
        { shard: this.#shard, host: postgresHostLabel(url), why },
        'writable host of the shard refused',
      )
    }
    this.#refused = new Map(refused)
  }
}

async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController()
  work.catch(() => {}) // Nobody may be left to hear it.
  try {
    return await Promise.race([
      work,
      delay(ms, undefined, { signal: timer.signal }).then(() =>
        Promise.reject(new Error(`No answer for ${ms} ms`)),
      ),
    ])
  } finally {
    timer.abort()
  }
}
