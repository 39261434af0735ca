import { sql } from 'kysely'
import { pino } from 'pino'
import { createControlDatabase } from '../src/database/control-database.ts'

/** Whether a connection to a control database is encrypted, or the code of what it fails with. */
export async function howConnected(url: string): Promise<string> {
  const db = createControlDatabase({ url, poolSize: 1, logger: pino({ level: 'silent' }) })
  try {
    const { rows } = await sql<{
      ssl: boolean
    }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(db)
    return rows[0]?.ssl ? 'encrypted' : 'plain'
  } catch (error) {
    return String((error as { code?: string }).code)
  } finally {
    await db.destroy()
  }
}
