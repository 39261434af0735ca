import type { Shard } from '@botyard/control-database/shards'
import type { Logger } from 'pino'
import { ShardMapUnavailableError, ShardUnavailableError } from '../errors.ts'
import type { ShardDirectory, ShardSnapshot } from '../map/shard-directory.ts'
import { assertShardSchema, type ShardNeeds } from '../migrations/shard-versions.ts'
import type { ShardPool } from '../pool/shard-pool.ts'

interface Entry {
  readonly pool: ShardPool
  hosts: string
  /** Its database is the shard's, and new enough; `undefined` until somebody asks. */
  checked: Promise<void> | undefined
}

/**
 * One pool per shard, kept in step with the directory. No pool is used before its schema has been checked.
 */
export class ShardPools {
  readonly #options: {
    directory: ShardDirectory
    createPool: (shard: string, hosts: readonly string[]) => ShardPool
    logger: Logger
    needs: ShardNeeds
  }
  readonly #entries = new Map<string, Entry>()
  #closed = false

  constructor(options: {
    directory: ShardDirectory
    createPool: (shard: string, hosts: readonly string[]) => ShardPool
    logger: Logger
    needs: ShardNeeds
  }) {
    this.#options = options
    options.directory.watch(snapshot => this.#follow(snapshot))
  }

  /** A shard's pool; rejects while its database is away or cannot serve this build. */
  async checked(shard: string): Promise<ShardPool> {
    const entry = this.#entries.get(shard)
    // The map never names a shard that is not registered: this process has yet to hear of it.
    if (entry === undefined) throw new ShardMapUnavailableError(1_000)
    entry.checked ??= assertShardSchema(entry.pool.db, shard, this.#options.needs)
    const check = entry.checked
    try {
      await check
    } catch (error) {
      if (entry.checked === check) entry.checked = undefined
      throw error
    }
    return entry.pool
  }

  async check(): Promise<{ away: string[] }> {
    const shards = [...this.#entries.keys()]
    const results = await Promise.allSettled(shards.map(shard => this.checked(shard)))
    const away = shards.filter((shard, i) => {
      const result = results[i]!
      if (result.status === 'fulfilled') return false
      if (!(result.reason instanceof ShardUnavailableError)) throw result.reason
      this.#options.logger.warn({ shard, err: result.reason }, 'shard is away, its users wait')
      return true
    })
    return { away }
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#entries.values()].map(({ pool }) => pool.close()))
  }

  /** A bad row of one shard must not keep the others from being followed. */
  #follow({ shards }: ShardSnapshot): void {
    if (this.#closed) return
    for (const shard of shards.values()) {
      try {
        this.#followOne(shard)
      } catch (err) {
        this.#options.logger.error({ shard: shard.id, err }, 'shard cannot be used as it is registered')
      }
    }
  }

  #followOne({ id, hosts }: Shard): void {
    const entry = this.#entries.get(id)
    const text = JSON.stringify(hosts)
    if (entry === undefined) {
      this.#entries.set(id, { pool: this.#options.createPool(id, hosts), hosts: text, checked: undefined })
    } else if (entry.hosts !== text) {
      entry.hosts = text
      entry.checked = undefined
      entry.pool.setHosts(hosts)
    }
  }
}
