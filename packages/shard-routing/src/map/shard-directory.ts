import { type BusFollower, followBus, shardBus } from '@botyard/control-database/notices'
import type { Shard, ShardStore } from '@botyard/control-database/shards'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { ShardMapUnavailableError } from '../errors.ts'
import type { ShardMap } from './shard-map.ts'
import type { ShardMapStore } from './shard-map-store.ts'

/** The shards and the map as they were at one time. */
export interface ShardSnapshot {
  /** The number of the last change within. */
  readonly change: number
  /** `undefined` before the migrations made the first. */
  readonly map: ShardMap | undefined
  readonly shards: ReadonlyMap<string, Shard>
}

/**
 * Shards and shard map in memory, kept up to date by notices and polling. Unlike bots they must not be served
 * old: the snapshot counts only while the lease holds, because only then does a change of the map wait for
 * this process.
 */
export interface ShardDirectory {
  /** Whether it has been loaded once. */
  readonly ready: boolean
  /** Resolves when `ready` becomes true. */
  whenReady(): Promise<void>
  /** The last that was loaded, however old: to show, not to route by. */
  readonly latest: ShardSnapshot | undefined
  /** The snapshot that may be routed by now; `undefined` while the lease has lapsed. */
  current(): ShardSnapshot | undefined
  /** Reads the control database now; rejects with `ShardMapUnavailableError` if it cannot be asked. */
  ask(): Promise<ShardSnapshot>
  /** Calls `listener` with every other snapshot from now on, and at once with the one there is. */
  watch(listener: (snapshot: ShardSnapshot) => void): void
  /** Stops listening and gives its place up; the clients stay open, they are the caller's. */
  close(): Promise<void>
}

const retryAfterMs = 1_000

/** Starts a directory; it loads by itself, and keeps trying while the control database or Redis is away. */
export function createShardDirectory(options: {
  shards: Pick<ShardStore, 'list' | 'lastChange'>
  maps: Pick<ShardMapStore, 'current'>
  /** A connection for pub/sub; others may subscribe on it too. */
  redis: Redis
  commands: Redis
  logger: Logger
  pollMs?: number
}): ShardDirectory {
  return new LiveShardDirectory(options)
}

class LiveShardDirectory implements ShardDirectory {
  readonly #options: Parameters<typeof createShardDirectory>[0]
  readonly #follower: BusFollower
  readonly #loaded = Promise.withResolvers<void>()
  readonly #listeners: ((snapshot: ShardSnapshot) => void)[] = []
  #snapshot: ShardSnapshot | undefined
  /**
   * The stretch of the lease in which the snapshot was asked for; it may be routed by in that stretch only.
   */
  #askedIn: number | undefined

  constructor(options: Parameters<typeof createShardDirectory>[0]) {
    this.#options = options
    this.#follower = followBus({
      ...options,
      bus: shardBus,
      applied: () => this.#snapshot?.change ?? -1,
      catchUp: () => this.#catchUp(),
      onJoined: () => this.#follower.refreshSoon(),
      lines: {
        unsubscribed: 'shard notices not subscribed, polling only',
        away: 'shards cannot be refreshed: users are served while the lease holds',
        back: 'shards are refreshed again',
      },
    })
  }

  get ready(): boolean {
    return this.#snapshot !== undefined
  }

  get latest(): ShardSnapshot | undefined {
    return this.#snapshot
  }

  whenReady(): Promise<void> {
    return this.#loaded.promise
  }

  current(): ShardSnapshot | undefined {
    const stretch = this.#follower.lease.stretch()
    return stretch !== undefined && stretch === this.#askedIn ? this.#snapshot : undefined
  }

  async ask(): Promise<ShardSnapshot> {
    try {
      await this.#follower.refresh()
    } catch (cause) {
      throw new ShardMapUnavailableError(retryAfterMs, { cause })
    }
    if (this.#snapshot === undefined) throw new ShardMapUnavailableError(retryAfterMs)
    return this.#snapshot
  }

  watch(listener: (snapshot: ShardSnapshot) => void): void {
    this.#listeners.push(listener)
    if (this.#snapshot !== undefined) listener(this.#snapshot)
  }

  close(): Promise<void> {
    return this.#follower.close()
  }

  async #catchUp(): Promise<void> {
    const { shards, maps, logger } = this.#options
    const stretch = this.#follower.lease.stretch()
    const change = await shards.lastChange()
    if (change !== this.#snapshot?.change) {
      // A row that is newer than `change` has a higher number, which the next refresh finds.
      const [list, map] = await Promise.all([
        // Only the users of the shard that cannot be read must wait.
        shards.list((shard, err) => logger.error({ shard, err }, 'registered shard cannot be read')),
        maps.current(),
      ])
      this.#snapshot = { change, map, shards: new Map(list.map(shard => [shard.id, shard])) }
      logger.info({ change, map: map?.version, shards: list.length }, 'shards refreshed')
      for (const listener of this.#listeners) listener(this.#snapshot)
      this.#loaded.resolve()
      this.#follower.lease.beat()
    }
    this.#askedIn = stretch
  }
}
