import { type Keyring, KeyringError } from '@botyard/service-kit'
import { sql } from 'kysely'
import type { ControlDatabase } from '../database/control-database.ts'
import { keyIdOf, keyOf } from './key-pages.ts'
import { sealedTables } from './sealed-tables.ts'

/** More rows than this under a key that is to be removed are no accident, and are not opened one by one. */
const maxRows = 1_000

/**
 * How many envelopes of a table no key can ever open again: they name a key of this ring, and were changed or
 * moved. They need the key no longer. 0 as well when there are too many to look at.
 */
export async function countUnopenable(
  db: ControlDatabase,
  keyring: Keyring,
  name: string,
  key: string,
): Promise<number> {
  const table = sealedTables.find(({ place }) => place === name)
  if (table === undefined) return 0
  const { rows } = await sql<Record<string, unknown> & { envelope: Buffer }>`
    select ${keyOf(table)}, ${sql.ref(table.column)} as envelope from ${sql.table(table.table)}
    where ${keyIdOf(table)} = ${key} limit ${maxRows + 1}`.execute(db)
  if (rows.length > maxRows) return 0
  return rows.filter(row => isUnopenable(keyring, row.envelope, table.context(row))).length
}

function isUnopenable(keyring: Keyring, envelope: Buffer, context: string): boolean {
  try {
    keyring.open(envelope, context)
    return false
  } catch (error) {
    if (error instanceof KeyringError) return error.code === 'KEY_TAMPERED' || error.code === 'KEY_MALFORMED'
    throw error
  }
}
