import { sql } from 'kysely'
import { movedTables } from '../moves/moved-tables.ts'
import type { ShardDatabase } from '../shard-schema.ts'

/** The users whose data is erased: all of one bot. */
export interface ErasedUsers {
  readonly platform: string
  /** The bot's `uid`. */
  readonly scope: string
}

/** Keys of one statement: a few milliseconds of work, so that no other query waits. */
const pageKeys = 5_000

/**
 * Deletes a bot's users from a shard: profiles, state, results of steps, and their rows in the bots' own
 * tables, which are found by the users' keys. Goes through the keys in order and may be repeated. `onPage`
 * hears of every page, also of one without anything to delete, so that a lease lives as long as the run; it
 * ends the run by answering false.
 */
export async function eraseUsers(
  db: ShardDatabase,
  { platform, scope }: ErasedUsers,
  onPage: (rows: number) => Promise<boolean>,
): Promise<'done' | 'stopped'> {
  const tables = await movedTables(db)
  for (const [table, mine] of [
    ['users', sql<boolean>`platform = ${platform} and scope = ${scope}`],
    ['user_state', sql<boolean>`starts_with(owner, ${`${scope}/`})`],
  ] as const) {
    let after: string | undefined
    for (;;) {
      const page = await sql<{ last: string | null; keys: string[] }>`
        with page as (
          select user_key, bool_or(${mine}) as mine from ${sql.table(table)}
          ${after === undefined ? sql`` : sql`where user_key > ${after}::bigint`}
          group by user_key order by user_key limit ${pageKeys}
        )
        select max(user_key)::text as last,
          coalesce(array_agg(user_key::text) filter (where mine), '{}') as keys
        from page`.execute(db)
      const { last, keys } = page.rows[0]!
      if (last === null) break
      const rows = keys.length === 0 ? 0 : await deleteKeys(db, tables, keys, { platform, scope })
      if (!(await onPage(rows))) return 'stopped'
      after = last
    }
  }
  return 'done'
}

/**
 * Users of two bots may share a key, which is a hash: rows that say whose they are go only if they are this
 * bot's.
 */
async function deleteKeys(
  db: ShardDatabase,
  tables: readonly string[],
  keys: readonly string[],
  { platform, scope }: ErasedUsers,
): Promise<number> {
  let rows = 0
  for (const table of tables) {
    const mine =
      table === 'users'
        ? sql`and platform = ${platform} and scope = ${scope}`
        : table === 'user_state'
          ? sql`and starts_with(owner, ${`${scope}/`})`
          : sql``
    const result = await sql`
      delete from ${sql.table(table)} where user_key = any(${keys}::bigint[]) ${mine}`.execute(db)
    rows += Number(result.numAffectedRows ?? 0n)
  }
  return rows
}
