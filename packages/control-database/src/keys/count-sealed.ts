import type { ControlDatabase } from '../database/control-database.ts'
import { countPage, type RowKey } from './key-pages.ts'
import { sealedTables } from './sealed-tables.ts'

/** The envelopes of each place counted by the id of their key; '' counts bytes that are not an envelope. */
export type KeyCounts = Readonly<Record<string, Readonly<Record<string, number>>>>

/** About 20 ms a page. */
const pageRows = 20_000

/**
 * Counts the envelopes in the control database; not complete if `deadline` (of `performance.now()`) came
 * first.
 */
export async function countSealed(
  db: ControlDatabase,
  deadline: number,
): Promise<{ counts: KeyCounts; complete: boolean }> {
  const counts: Record<string, Record<string, number>> = {}
  for (const table of sealedTables) {
    const own: Record<string, number> = {}
    counts[table.place] = own
    let after: RowKey | undefined
    do {
      if (performance.now() > deadline) return { counts, complete: false }
      const page = await countPage(db, table, after, pageRows)
      for (const [id, rows] of Object.entries(page.counts)) own[id] = (own[id] ?? 0) + rows
      after = page.last
    } while (after !== undefined)
  }
  return { counts, complete: true }
}
