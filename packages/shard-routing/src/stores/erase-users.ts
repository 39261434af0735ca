import { sql } from 'kysely'
import { leavesOf, movedTables } from '../moves/moved-tables.ts'
import type { ShardDatabase } from '../shard-schema.ts'
import { fencedBatch } from './fenced-batch.ts'

/** The users whose data is erased: all of one bot. */
export interface ErasedUsers {
  readonly platform: string
  /** The bot's `uid`. */
  readonly scope: string
}

/**
 * Rows that one statement reads. Rows are counted and not keys: a user may have any number of rows, and a
 * statement that is too long is ended by the pool's time limit, at every attempt anew.
 */
const pageRows = 5_000

/** The tables that say whose their rows are, each with its primary key. */
const ownedTables = {
  users: ['user_key', 'platform', 'scope', 'user_id'],
  user_state: ['user_key', 'owner', 'name'],
} as const
type OwnedTable = keyof typeof ownedTables

/**
 * Deletes a bot's users from a shard: profiles, state, results of steps, and their rows in the bots' own
 * tables, which are found by the users' keys. Goes through the keys in order and may be repeated. `onPage`
 * hears of every batch, and of every page without anything to delete, so that a lease lives as long as the
 * run; it ends the run by answering false.
 */
export async function eraseUsers(
  db: ShardDatabase,
  erased: ErasedUsers,
  onPage: (rows: number) => Promise<boolean>,
): Promise<'done' | 'stopped'> {
  const tables = await erasedTables(db)
  for (const table of ['users', 'user_state'] as const) {
    let after: Row | undefined
    for (;;) {
      const page = await readPage(db, table, erased, after)
      after = page.at(-1)
      if (after === undefined) break
      const keys = [...new Set(page.filter(row => row.mine).map(row => row.user_key))]
      for await (const rows of keys.length === 0 ? [0] : deleteKeys(db, tables, keys, erased)) {
        if (!(await onPage(rows))) return 'stopped'
      }
    }
  }
  return 'done'
}

/** What a page holds of a row: its primary key, and whether it is one of the erased users'. */
type Row = Readonly<Record<string, unknown>> & { readonly user_key: bigint; readonly mine: boolean }

/** The rows after one, in the order of the primary key: a page may end between two rows of a key. */
async function readPage(
  db: ShardDatabase,
  table: OwnedTable,
  erased: ErasedUsers,
  after: Row | undefined,
): Promise<Row[]> {
  const names = ownedTables[table]
  const columns = sql.join(names.map(name => sql.ref(name)))
  const { rows } = await sql<Row>`
    select ${columns}, ${isMine(table, erased)} as mine from ${sql.table(table)}
    ${after === undefined ? sql`` : sql`where (${columns}) > (${sql.join(names.map(name => after[name]))})`}
    order by ${columns} limit ${pageRows}`.execute(db)
  return rows
}

/** Whether a row is one of the erased users'. */
function isMine(table: OwnedTable, { platform, scope }: ErasedUsers) {
  return table === 'users'
    ? sql<boolean>`(platform = ${platform} and scope = ${scope})`
    : sql<boolean>`starts_with(owner, ${`${scope}/`})`
}

/**
 * All tables of users. One that refers to another by a foreign key comes before it, or its rows would refuse
 * the other's deletion for ever. Those that say whose their rows are come last: what a run that broke off has
 * left in the others is found by them.
 */
async function erasedTables(db: ShardDatabase): Promise<string[]> {
  const { rows: references } = await sql<{ source: string; target: string }>`
    select source.relname as source, target.relname as target from pg_constraint c
    join pg_class source on source.oid = c.conrelid join pg_class target on target.oid = c.confrelid
    where c.contype = 'f' and c.conrelid <> c.confrelid
      and c.connamespace = current_schema()::regnamespace`.execute(db)
  const last: readonly string[] = ['user_state', 'users']
  const left = new Set((await movedTables(db)).filter(table => !last.includes(table)))
  const ordered: string[] = []
  while (left.size > 0) {
    const isFree = (table: string) =>
      !references.some(({ source, target }) => target === table && left.has(source))
    // In a circle any is as good as another.
    const [first] = left
    const next = [...left].find(isFree) ?? first!
    left.delete(next)
    ordered.push(next)
  }
  return [...ordered, ...last]
}

/**
 * Deletes in batches, and yields the rows of each. Users of two bots may share a key, which is a hash: rows
 * that say whose they are go only if they are this bot's.
 */
async function* deleteKeys(
  db: ShardDatabase,
  tables: readonly string[],
  keys: readonly bigint[],
  erased: ErasedUsers,
): AsyncGenerator<number> {
  for (const table of tables) {
    const mine = table in ownedTables ? sql`and ${isMine(table as OwnedTable, erased)}` : sql``
    for (const leaf of await leavesOf(db, table)) {
      for (let left = keys; ; ) {
        const { rows } = await sql<{ rows: bigint; last: bigint | null }>`
          with gone as (
            delete from ${sql.raw(leaf)} where ctid = any(array(
              select ctid from ${sql.raw(leaf)} where user_key = any(${left.map(String)}::bigint[]) ${mine}
              order by user_key limit ${fencedBatch}))
            returning user_key
          )
          select count(*) as rows, max(user_key) as last from gone`.execute(db)
        const [batch] = rows
        const deleted = Number(batch?.rows ?? 0n)
        if (deleted > 0) yield deleted
        const last = batch?.last
        if (deleted < fencedBatch || last == null) break
        // The next batch does not look at the keys that have no rows any more.
        left = left.filter(key => key >= last)
      }
    }
  }
}
