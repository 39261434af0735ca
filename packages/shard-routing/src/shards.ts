import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Transaction,
} from 'kysely'
import type { Logger } from 'pino'
import { RangeMovedError, ShardMapUnavailableError } from './errors.ts'
import type { ShardDirectory } from './map/shard-directory.ts'
import { rangesOf, type ShardMap, type ShardRange } from './map/shard-map.ts'
import { coreNeeds, type ShardNeeds } from './migrations/shard-versions.ts'
import type { ShardPool } from './pool/shard-pool.ts'
import { translateMove } from './routing/routed-connection.ts'
import { RoutedDriver } from './routing/routed-driver.ts'
import { ShardPools } from './routing/shard-pools.ts'
import { type FindRoute, ShardRouter } from './routing/shard-route.ts'
import type { ShardDatabase, ShardSchema } from './shard-schema.ts'

/**
 * One shard, and the keys that count there: rows of others may be a copy that a move is making, or has left.
 */
export interface ShardPart {
  readonly shard: string
  readonly db: ShardDatabase
  readonly ranges: readonly ShardRange[]
}

/** The result of `each` on one shard. */
export type ShardResult<T> =
  | { readonly shard: string; readonly status: 'ok'; readonly value: T }
  | { readonly shard: string; readonly status: 'failed'; readonly error: unknown }

/** The users' databases, as one process sees them. */
export interface Shards {
  /** The map last heard of; throws `ShardMapUnavailableError` if there is none. */
  readonly map: ShardMap
  /**
   * The database of a user's shard, wherever that is when a query begins: may be kept. Besides Postgres's own
   * errors queries reject with `ShardUnavailableError`, `RangeMovedError` or `ShardMapUnavailableError`, all
   * with `afterMs`. A single statement follows a key that has moved. In raw SQL that only reads, a move
   * during the query is not noticed: use a transaction.
   */
  forUser(key: bigint): ShardDatabase
  /**
   * Runs `fn` in a transaction on a user's shard, and again where it was certainly rolled back: see
   * `ShardPool.transaction`; and on the new shard if the key has moved meanwhile. All keys written must live
   * there: those of one user do.
   */
  transaction<T>(
    key: bigint,
    fn: (trx: Transaction<ShardSchema>) => Promise<T>,
    options?: { rerun?: boolean },
  ): Promise<T>
  /**
   * Runs `fn` on every shard, `concurrency` (4) at a time; a shard that fails is reported, and the others go
   * on.
   */
  each<T>(fn: (part: ShardPart) => Promise<T>, options?: { concurrency?: number }): Promise<ShardResult<T>[]>
  /**
   * Rejects with `ShardSchemaError` or `WrongShardError` if a shard that answers cannot serve this build;
   * answers the shards that are away, which are checked before their first use.
   */
  check(): Promise<{ away: string[] }>
  /** Closes the pools; the directory stays open, it is the caller's. */
  close(): Promise<void>
}

const maxRuns = 3

/** Puts the facade together; databases that are away are waited for when they are needed. */
export function createShards(options: {
  directory: ShardDirectory
  createPool: (shard: string, hosts: readonly string[]) => ShardPool
  logger: Logger
  /** The migrations that the build and its bots need; by default those of the build alone. */
  needs?: ShardNeeds
}): Shards {
  const { directory, createPool, logger, needs = coreNeeds } = options
  const pools = new ShardPools({ directory, createPool, logger, needs })
  const router = new ShardRouter(directory, shard => pools.checked(shard))
  const latestMap = () => {
    const map = directory.latest?.map
    if (map === undefined) throw new ShardMapUnavailableError(1_000)
    return map
  }

  return {
    get map() {
      return latestMap()
    },

    forUser: key => routedKysely(options => router.route(key, options)),

    async transaction(key, fn, { rerun = true } = {}) {
      let route = await router.route(key)
      for (let run = 1; ; run++) {
        const { pool, confirm } = route
        try {
          return await pool.transaction(
            async trx => {
              const result = await fn(trx)
              // Before the commit, because all reads must have been valid until now.
              await confirm()
              return result
            },
            { rerun },
          )
        } catch (error) {
          const failure = translateMove(error, pool.id)
          if (!(failure instanceof RangeMovedError) || !rerun || run === maxRuns) throw failure
          route = await router.route(key, { ask: true })
          // It is still there, and about to leave: the caller comes again when it has arrived.
          if (route.pool.id === pool.id) throw failure
        }
      }
    },

    async each(fn, { concurrency = 4 } = {}) {
      const map = latestMap()
      const left = [...(directory.latest?.shards.keys() ?? [])]
      const results: Awaited<ReturnType<Shards['each']>> = []
      const work = async () => {
        for (let shard = left.shift(); shard !== undefined; shard = left.shift()) {
          try {
            const { db } = await pools.checked(shard)
            results.push({
              shard,
              status: 'ok',
              value: await fn({ shard, db, ranges: rangesOf(map, shard) }),
            })
          } catch (error) {
            results.push({ shard, status: 'failed', error: translateMove(error, shard) })
          }
        }
      }
      await Promise.all(Array.from({ length: concurrency }, work))
      // biome-ignore lint/suspicious/noExplicitAny: the values are what fn answered.
      return results as any
    },

    check: () => pools.check(),
    close: () => pools.close(),
  }
}

function routedKysely(findRoute: FindRoute): ShardDatabase {
  return new Kysely<ShardSchema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new RoutedDriver(findRoute),
      createIntrospector: own => new PostgresIntrospector(own),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}
