import { type RawBuilder, sql } from 'kysely'
import type { ControlDatabase } from '../database/control-database.ts'
import type { SealedTable } from './sealed-tables.ts'

/** The primary key of a row, its values in the order of the table's key columns. */
export type RowKey = readonly (string | number)[]

/** Envelopes of one page of a table, by the id of their key. */
export interface KeyPage {
  /** The last row of the page; undefined: there is none. */
  readonly last: RowKey | undefined
  /** '' for bytes that are not an envelope. */
  readonly counts: Readonly<Record<string, number>>
}

/**
 * Counts a page of a table in the order of its primary key, behind the row `after`. By pages, because a table
 * may hold tens of millions of recipients, and a statement that read them all would run into its time-out.
 */
export async function countPage(
  db: ControlDatabase,
  table: SealedTable,
  after: RowKey | undefined,
  rows: number,
): Promise<KeyPage> {
  const key = keyOf(table)
  const { rows: found } = await sql<{ id: string | null; rows: number; last: RowKey | null }>`
    with page as materialized (
      select ${key}, ${keyIdOf(table)} as key_id, row_number() over (order by ${key}) as place
      from ${sql.table(table.table)} ${after ? sql`where (${key}) > (${literal(table, after)})` : sql``}
      order by ${key} limit ${rows}
    )
    select key_id as id, count(*)::int as rows, null::jsonb as last from page group by key_id
    union all
    (select null, 0, jsonb_build_array(${key}) from page order by place desc limit 1)`.execute(db)
  return {
    last: found.find(({ last }) => last !== null)?.last ?? undefined,
    counts: Object.fromEntries(
      found.flatMap(({ id, rows, last }) => (last === null && id !== null ? [[id, rows]] : [])),
    ),
  }
}

/** A table's key columns, by commas. */
export function keyOf({ key }: SealedTable): RawBuilder<unknown> {
  return sql.join(Object.keys(key).map(name => sql.ref(name)))
}

/** A row's key as parameters, by commas. */
export function literal({ key }: SealedTable, row: RowKey): RawBuilder<unknown> {
  return sql.join(Object.values(key).map((type, i) => sql`${row[i]}::${sql.raw(type)}`))
}

/**
 * The key id that stands in a table's envelopes, as an expression: `keyring.ts` of service-kit has the
 * layout. Null without an envelope.
 */
export function keyIdOf({ column }: SealedTable): RawBuilder<string | null> {
  const envelope = sql.ref(column)
  // Ids are ASCII, which 'escape' leaves as it is; any other bytes become text too.
  return sql<
    string | null
  >`case when ${envelope} is null then null when length(${envelope}) > 2 and get_byte(${envelope}, 0) = 1
    then encode(substring(${envelope} from 3 for get_byte(${envelope}, 1)), 'escape') else '' end`
}
