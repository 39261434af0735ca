import { setTimeout as delay } from 'node:timers/promises'
import type { Shard, TimelineMemory } from '@botyard/control-database/shards'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import { createShardPool } from '../pool/shard-pool.ts'
import type { ShardPoolSettings } from '../pool/shard-pool-settings.ts'
import type { ShardDatabase } from '../shard-schema.ts'

/** One shard of a move, reached in a session of its own. */
export interface MoveSide {
  readonly shard: string
  /** The urls of its servers, without PgBouncer in between. */
  readonly hosts: readonly string[]
  /** One session, which holds the lock if it was asked for: everything that changes something runs here. */
  readonly db: ShardDatabase
  /** Other sessions, for reading at length. */
  readonly pool: ShardDatabase
}

/** The means to reach the shards. */
export interface SessionDeps {
  readonly logger: Logger
  readonly settings?: Partial<ShardPoolSettings> | undefined
  readonly memory?: TimelineMemory | undefined
}

/** "boty", as all our locks. */
const lockNamespace = 0x626f7479
const movesLock = 2
/** How long a session that was ended may take to disappear, in ms. */
const takeOverTimeoutMs = 10_000
const lookMs = 20
/** Practically no limit: a comparison or a deletion of a large range takes hours. */
const statementTimeoutMs = 24 * 3_600_000

/**
 * Works on a shard in one session that holds the lock of its moves (to look only, without). A process that
 * lost its lease while it stalled may still hold it: its session is ended, and with it all that it could have
 * done late. When the session breaks, all queries on it fail.
 */
export async function withSide<T>(
  { id, hosts, directHosts }: Shard,
  { logger, settings, memory }: SessionDeps,
  work: (side: MoveSide) => Promise<T>,
  { lock = true } = {},
): Promise<T> {
  const direct = directHosts ?? hosts
  const pool = createShardPool({
    id,
    hosts: direct,
    logger,
    ...(memory && { memory }),
    settings: {
      ...settings,
      ...{ size: 3, instances: 1, pgbouncer: false, preparedStatements: false },
      ...{ statementTimeoutMs: statementTimeoutMs, idleInTransactionTimeoutMs: statementTimeoutMs },
    },
  })
  try {
    return await pool.db.connection().execute(async db => {
      if (lock) await takeLock(db, id)
      try {
        return await work({ shard: id, hosts: direct, db, pool: pool.db })
      } finally {
        // The pool would keep the session, and with it the lock, for a moment.
        if (lock)
          await sql`select pg_advisory_unlock(${lockNamespace}::int, ${movesLock}::int)`
            .execute(db)
            .catch(() => {})
      }
    })
  } finally {
    await pool.close()
  }
}

async function takeLock(db: ShardDatabase, shard: string): Promise<void> {
  const deadline = performance.now() + takeOverTimeoutMs
  for (;;) {
    const { rows } = await sql<{ taken: boolean }>`
      select pg_try_advisory_lock(${lockNamespace}::int, ${movesLock}::int) as taken`.execute(db)
    if (rows[0]?.taken) return
    if (performance.now() > deadline) {
      throw new Error(`A session on the shard ${shard} that moves keys does not end`)
    }
    await sql`select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and classid = ${lockNamespace} and objid = ${movesLock} and granted
        and database = (select oid from pg_database where datname = current_database())`.execute(db)
    await delay(lookMs)
  }
}
