import { setTimeout as delay } from 'node:timers/promises'
import type { TimelineMemory } from '@botyard/control-database/shards'
import {
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Transaction,
} from 'kysely'
import type { Logger } from 'pino'
import { checkConnectionBudget } from './connection-budget.ts'
import { ConnectionSource } from './connection-source.ts'
import { PreparedNames } from './prepared-names.ts'
import { isUndone } from './shard-connection.ts'
import { ShardDriver } from './shard-driver.ts'
import type { ShardPoolMetrics } from './shard-pool-metrics.ts'
import { defaultSettings, type ShardPoolSettings } from './shard-pool-settings.ts'
import type { ShardPoolState } from './shard-pool-state.ts'

/** The connections of this process to the current primary of one shard. */
export interface ShardPool {
  readonly id: string
  /**
   * Outlives every failover. Rejects with `ShardUnavailableError` (`SHD_UNAVAILABLE`) while the shard cannot
   * serve. A single statement is run again if that is safe; a transaction begun here is not. Bigint columns
   * are `bigint`. Not to be destroyed: close the pool.
   */
  // biome-ignore lint/suspicious/noExplicitAny: bots bring tables of their own.
  readonly db: Kysely<any>
  /** The driver below `db`, for callers that find the shard of a key anew for each connection. */
  readonly driver: Driver
  /**
   * Runs `fn` in a transaction, and runs it again, three times at most, when it was certainly rolled back:
   * serialization failure, deadlock, a standby, a connection lost before the commit. So side effects of `fn`
   * outside the database must bear a rerun; otherwise set `rerun` to false. A commit whose answer was lost
   * rejects with effect `unknown`.
   */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  transaction<T>(fn: (trx: Transaction<any>) => Promise<T>, options?: { rerun?: boolean }): Promise<T>
  /** Replaces the list; a primary that is not in it any more is left at once. */
  setHosts(hosts: readonly string[]): void
  readonly state: ShardPoolState
  /** Waits a moment for the connections in use. */
  close(): Promise<void>
}

const maxRuns = 4
/**
 * Transactions that conflicted must not conflict again: the pause is up to twice as long each time, in ms.
 */
const firstPauseMs = 20

/** Starts looking for the shard's primary; never throws for a database that is away. */
export function createShardPool(options: {
  id: string
  /** Urls `postgres://…` of the same database on all hosts of the shard. */
  hosts: readonly string[]
  logger: Logger
  settings?: Partial<ShardPoolSettings>
  /** Without it a process that starts while only an old primary answers would write to it. */
  memory?: TimelineMemory
  metrics?: ShardPoolMetrics
}): ShardPool {
  const { id, hosts, logger, memory, metrics } = options
  const settings = { ...defaultSettings, ...options.settings }
  const source = new ConnectionSource({
    ...{ shard: id, hosts, settings, memory, logger, metrics },
    // Never rejects.
    onHost: host => void checkConnectionBudget(host, { shard: id, settings, logger }),
  })
  const driver = new ShardDriver({
    source,
    settings,
    names: settings.preparedStatements ? new PreparedNames() : undefined,
    onRetry: () => metrics?.retried(id),
  })
  // biome-ignore lint/suspicious/noExplicitAny: as in the interface.
  const db = new Kysely<any>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: own => new PostgresIntrospector(own),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
  const pool: ShardPool = {
    id,
    db,
    driver,
    async transaction(fn, { rerun = true } = {}) {
      for (let run = 1; ; run++) {
        try {
          return await db.transaction().execute(fn)
        } catch (error) {
          if (!rerun || run === maxRuns || !isUndone(error)) throw error
          metrics?.retried(id)
          await delay(Math.random() * firstPauseMs * 2 ** run)
        }
      }
    },
    setHosts: urls => source.setHosts(urls),
    get state() {
      const { host, breaker, waiting } = source
      const [inUse, idle] = [host?.inUse ?? 0, host?.idle ?? 0]
      return { host: host?.label, timeline: host?.timeline, breaker, inUse, idle, waiting }
    },
    async close() {
      unwatch?.()
      await source.close()
    },
  }
  const unwatch = metrics?.watch(pool)
  return pool
}
