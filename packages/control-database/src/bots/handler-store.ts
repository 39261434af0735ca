import { sql } from 'kysely'
import type { ControlDatabase } from '../database/control-database.ts'

/** The names of the bot code that workers have, so that a bot cannot be given code that nobody runs. */
export interface HandlerStore {
  /** Records the handlers of a worker, which calls it at its start. */
  report(names: readonly string[]): Promise<void>
  exists(name: string): Promise<boolean>
  /** All names ever reported, in order, with the last time a worker did. */
  list(): Promise<{ name: string; reportedAt: Date }[]>
}

/** The handlers table of the control database. */
export function createHandlerStore(db: ControlDatabase): HandlerStore {
  return {
    async report(names) {
      if (names.length === 0) return
      const reported_at = sql<Date>`now()`
      // In order, so that two workers that start at once lock the rows alike and cannot deadlock.
      const rows = [...new Set(names)].sort().map(name => ({ name, reported_at }))
      await db
        .insertInto('handlers')
        .values(rows)
        .onConflict(oc => oc.column('name').doUpdateSet({ reported_at }))
        .execute()
    },

    async exists(name) {
      const row = await db.selectFrom('handlers').select('name').where('name', '=', name).executeTakeFirst()
      return row !== undefined
    },

    async list() {
      const rows = await db.selectFrom('handlers').selectAll().orderBy('name').execute()
      return rows.map(row => ({ name: row.name, reportedAt: row.reported_at }))
    },
  }
}
