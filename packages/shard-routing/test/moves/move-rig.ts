import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createShardStore } from '@botyard/control-database/shards'
import { keyring, logger } from '@botyard/control-database/testing'
import { createRedis } from '@botyard/service-kit'
import { type Kysely, sql } from 'kysely'
import { ownedRanges } from '../../src/fence/change-owned-ranges.ts'
import { migrateShards } from '../../src/migrations/migrate-shards.ts'
import type { OwnedMigrations } from '../../src/migrations/migration.ts'
import type { ShardMove } from '../../src/moves/move.ts'
import { createMoveStore } from '../../src/moves/move-store.ts'
import type { MoveDeps } from '../../src/moves/run-move.ts'
import type { ShardDatabase } from '../../src/shard-schema.ts'
import type { Shards } from '../../src/shards.ts'
import { type ShardRig, shardRigs } from '../shard-rig.ts'

/** A bot's own tables, one of them partitioned. */
export const quiz: OwnedMigrations = {
  owner: 'bot:quiz',
  migrations: [
    {
      version: 1,
      name: 'scores',
      async up(trx) {
        await sql`create table scores (user_key bigint primary key, n bigint not null, note text)`.execute(
          trx,
        )
        await sql`create table rounds (user_key bigint, n bigint, at timestamptz not null default now(),
          primary key (user_key, n)) partition by hash (user_key)`.execute(trx)
        for (const i of [0, 1]) {
          await sql`create table ${sql.id(`rounds_${i}`)} partition of rounds
            for values with (modulus 2, remainder ${sql.lit(i)})`.execute(trx)
        }
      },
    },
  ],
}

/** Keys of shard-1, the lower half of the key space; from `upper` on they are the ones that a split moves. */
export const upper = 2n ** 61n
export const end = 2n ** 62n
export const keysBelow = (count: number) => Array.from({ length: count }, (_, i) => BigInt(i) * 1_000n)
export const keysAbove = (count: number) =>
  Array.from({ length: count }, (_, i) => upper + BigInt(i) * 1_000n)

/** Rigs whose Postgres can replicate. */
export function moveRigs() {
  const rigs = shardRigs({
    wal_level: 'logical',
    max_replication_slots: '20',
    max_logical_replication_workers: '16',
  })
  return {
    async build(t: TestContext) {
      const rig = await rigs.build(t)
      const reports = await migrateShards({ shards: rig.shards, sets: [quiz], control: rig.control, logger })
      for (const report of reports) assert.equal(report.status, 'migrated')
      const redis = createRedis({ url: rig.redis.url, logger, name: 'test', role: 'commands' })
      t.after(() => redis.disconnect())
      const deps: MoveDeps = {
        control: rig.control,
        shards: createShardStore(rig.control, keyring),
        redis,
        logger,
      }
      return { ...rig, deps, moves: createMoveStore(rig.control) }
    },
  }
}

/** Looks until a move has come that far; a failed one is not waited for. */
export async function untilMove(
  moves: ReturnType<typeof createMoveStore>,
  id: string,
  holds: (move: ShardMove) => boolean,
): Promise<ShardMove> {
  for (;;) {
    const move = await moves.get(id)
    if (holds(move)) return move
    assert.ok(move.endedAt === null, `${move.state} in ${move.step}: ${move.error}`)
    await delay(10)
  }
}

/** Users whose counters are raised, one transaction each, and read, side by side, until `stop`. */
export function startLoad(
  t: TestContext,
  shards: Shards,
  keys: readonly bigint[],
  {
    writers = 8,
    readers = 4,
    /** What has been acknowledged, by key. */
    ledger = new Map<bigint, number>(keys.map(key => [key, 0])),
  } = {},
) {
  const problems: string[] = []
  let stopped = false
  let ended = false
  let writes = 0
  let reads = 0
  let longestMs = 0

  /** What a worker does with what passes: it comes again. */
  async function again<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        const { code, afterMs } = error as { code?: string; afterMs?: number }
        if (ended || (code !== 'SHD_RANGE_MOVED' && code !== 'SHD_MAP_UNAVAILABLE')) throw error
        await delay(Math.min(afterMs ?? 0, 20))
      }
    }
  }

  async function write(first: number): Promise<void> {
    for (let i = first; !stopped; i += writers) {
      const key = keys[i % keys.length]!
      const startedAt = performance.now()
      const n = await again(() => shards.transaction(key, trx => raise(trx, key)))
      longestMs = Math.max(longestMs, performance.now() - startedAt)
      if (n !== ledger.get(key)! + 1)
        problems.push(`the counter of ${key} came to ${n} after ${ledger.get(key)}`)
      ledger.set(key, n)
      writes++
      await delay(1)
    }
  }

  async function read(first: number): Promise<void> {
    for (let i = first; !stopped; i++) {
      const key = keys[(i * 7) % keys.length]!
      const known = ledger.get(key)!
      const n = await again(() => look(shards.forUser(key), key))
      if (n < known) problems.push(`${n} was read of ${key} after ${known} had been acknowledged`)
      reads++
      await delay(1)
    }
  }

  const work = [
    // One writer a key at a time: the count it gets back must be one more than the last.
    ...Array.from({ length: writers }, (_, i) => write(i)),
    ...Array.from({ length: readers }, (_, i) => read(i)),
  ]
  assert.ok(writers === 0 || keys.length % writers === 0)
  const stop = async () => {
    stopped = true
    await Promise.all(work)
    return { problems, writes, reads, longestMs }
  }
  // What has failed by then is told already; the databases are closing.
  t.after(async () => {
    ended = true
    await stop().catch(() => {})
  })
  return {
    ledger,
    get writes() {
      return writes
    },
    get longestMs() {
      return longestMs
    },
    stop,
  }
}

async function raise(db: ShardDatabase, key: bigint): Promise<number> {
  const { rows } = await sql<{ n: bigint }>`insert into scores (user_key, n) values (${key}, 1)
    on conflict (user_key) do update set n = scores.n + 1 returning n`.execute(db)
  const n = Number(rows[0]!.n)
  await sql`insert into rounds (user_key, n) values (${key}, ${n})`.execute(db)
  return n
}

async function look(db: ShardDatabase, key: bigint): Promise<number> {
  // By the builder: what it knows to read only is confirmed to have been read at the right place.
  const rows = await (db as unknown as Kysely<{ scores: { user_key: bigint; n: bigint } }>)
    .selectFrom('scores')
    .select('n')
    .where('user_key', '=', key)
    .execute()
  return Number(rows[0]?.n ?? 0)
}

/** The counters of a range in one database, by key. */
export async function countersIn(db: ShardDatabase, from: bigint, to: bigint): Promise<Map<bigint, number>> {
  const { rows } = await sql<{ key: bigint; n: bigint; rounds: bigint }>`
    select user_key as key, n, (select count(*) from rounds r where r.user_key = s.user_key) as rounds
    from scores s where user_key >= ${from} and user_key < ${to} order by 1`.execute(db)
  for (const { key, n, rounds } of rows) assert.equal(rounds, n, `rounds of ${key}`)
  return new Map(rows.map(({ key, n }) => [key, Number(n)]))
}

/** What moves leave behind in the servers. */
export async function leftovers(rig: ShardRig): Promise<unknown[]> {
  const all: unknown[] = []
  for (const { id } of rig.shards) {
    const { rows } = await sql`
      select slot_name::text as name from pg_replication_slots where database = current_database()
      union all select pubname from pg_publication
      union all select subname from pg_subscription
        where subdbid = (select oid from pg_database where datname = current_database())
      union all select move from move_marks`.execute(rig.db(id))
    all.push(...rows)
  }
  return all
}

/** What a database owns, neighbours as one. */
export async function owned(db: ShardDatabase): Promise<[bigint, bigint, string][]> {
  const joined: [bigint, bigint, string][] = []
  for (const { from, to, state } of await ownedRanges(db)) {
    const last = joined.at(-1)
    if (last?.[1] === from && last[2] === state) last[1] = to
    else joined.push([from, to, state])
  }
  return joined
}
