import { type Keyring, KeyringError } from '@botyard/service-kit'
import { sql } from 'kysely'
import { inTransaction } from '../database/advisory-locks.ts'
import type { ControlDatabase } from '../database/control-database.ts'
import { countPage, keyIdOf, keyOf, literal, type RowKey } from './key-pages.ts'
import { type SealedTable, sealedTables } from './sealed-tables.ts'

/** Where a pass over all tables stands: behind a row of a place ({@link SealedTable}). */
export interface ReencryptCursor {
  readonly table: string
  readonly after?: RowKey | undefined
}

/** The result of a part of a pass. */
export interface Reencrypted {
  /** Where to go on; undefined at the end. */
  readonly next: ReencryptCursor | undefined
  /** Rows sealed anew, by table. */
  readonly changed: Readonly<Record<string, number>>
  /** Rows that no key of this ring opens; they stay as they are. */
  readonly unreadable: Readonly<Record<string, number>>
}

const pageRows = 2_000

/**
 * Seals what lies under another key than `active` (the keyring's) anew, page by page until `deadline` (of
 * `performance.now()`), a transaction each. May be broken off, repeated, and run beside every other writer:
 * rows that somebody holds are left to the next pass.
 */
export async function reencrypt(options: {
  db: ControlDatabase
  keyring: Keyring
  active: string
  from: ReencryptCursor | undefined
  deadline: number
}): Promise<Reencrypted> {
  const { db, from, deadline } = options
  const changed: Record<string, number> = {}
  const unreadable: Record<string, number> = {}
  const first = Math.max(
    0,
    sealedTables.findIndex(({ place }) => place === from?.table),
  )
  for (const table of sealedTables.slice(first)) {
    let after = table.place === from?.table ? from.after : undefined
    for (;;) {
      if (performance.now() > deadline) return { next: { table: table.place, after }, changed, unreadable }
      const page = await countPage(db, table, after, pageRows)
      if (page.last === undefined) break
      if (Object.keys(page.counts).some(id => id !== options.active)) {
        const done = await sealPage(options, table, after, page.last)
        add(changed, table.place, done.changed)
        add(unreadable, table.place, done.unreadable)
      }
      after = page.last
    }
  }
  return { next: undefined, changed, unreadable }
}

type Row = Record<string, unknown> & { envelope: Buffer }

/**
 * Waits for no row that another transaction holds: of two that seal or record the same rows, neither can
 * block the other for good.
 */
function sealPage(
  { db, keyring, active }: { db: ControlDatabase; keyring: Keyring; active: string },
  table: SealedTable,
  after: RowKey | undefined,
  last: RowKey,
): Promise<{ changed: number; unreadable: number }> {
  const key = keyOf(table)
  const target = sql.table(table.table)
  return inTransaction(db, async trx => {
    const { rows } = await sql<Row>`
      select ${key}, ${sql.ref(table.column)} as envelope from ${target}
      where (${key}) <= (${literal(table, last)}) ${after ? sql`and (${key}) > (${literal(table, after)})` : sql``}
        and ${keyIdOf(table)} <> ${active}
      order by ${key} for update skip locked`.execute(trx)
    const sealed = rows.flatMap(row => {
      const envelope = sealAnew(keyring, row.envelope, table.context(row))
      return envelope === undefined ? [] : [{ row, envelope }]
    })
    if (sealed.length > 0) {
      const columns = Object.entries(table.key)
      const arrays = columns.map(
        ([name, type]) => sql`${sealed.map(({ row }) => row[name])}::${sql.raw(type)}[]`,
      )
      const matches = columns.map(([name]) => sql`${sql.ref(`t.${name}`)} = ${sql.ref(`page.${name}`)}`)
      await sql`
        update ${target} t set ${sql.ref(table.column)} = page.envelope
        from unnest(${sql.join(arrays)}, ${sealed.map(({ envelope }) => envelope)}::bytea[]) as page (${key}, envelope)
        where ${sql.join(matches, sql` and `)}`.execute(trx)
    }
    return { changed: sealed.length, unreadable: rows.length - sealed.length }
  })
}

function sealAnew(keyring: Keyring, envelope: Buffer, context: string): Buffer | undefined {
  try {
    return keyring.seal(keyring.open(envelope, context), context)
  } catch (error) {
    if (error instanceof KeyringError) return undefined
    throw error
  }
}

function add(counts: Record<string, number>, table: string, rows: number): void {
  if (rows > 0) counts[table] = (counts[table] ?? 0) + rows
}
