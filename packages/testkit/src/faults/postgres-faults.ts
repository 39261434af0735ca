import { Client } from 'pg'

/**
 * Faults of a running Postgres, made on connections of its own. For a frozen server: `TestPostgres.pause`.
 */
export interface PostgresFaults {
  /** Locks a table against everybody; resolves with what ends the lock. */
  lockTable(table: string): Promise<() => Promise<void>>
  /** Resolves when somebody waits for a lock. */
  untilWaiting(): Promise<void>
  /**
   * Ends connections to this database (`pg_terminate_backend`): all, or those that wait for a lock. Answers
   * how many.
   */
  endConnections(options?: { waiting?: boolean }): Promise<number>
  /** New transactions may only read, as after a demotion; `false` ends it. */
  readOnly(on?: boolean): Promise<void>
  close(): Promise<void>
}

/** Opens the connection that makes the faults; `url` must be a superuser's. */
export async function postgresFaults(url: string): Promise<PostgresFaults> {
  const open = async () => {
    const client = new Client({ connectionString: url, application_name: 'faults' })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }
  const client = await open()
  const others =
    "datname = current_database() and application_name <> 'faults' and backend_type = 'client backend'"
  const waiting = "wait_event_type = 'Lock'"

  return {
    async lockTable(table) {
      const holder = await open()
      await holder.query('begin')
      await holder.query(`lock table ${table} in access exclusive mode`)
      return async () => {
        await holder.query('rollback')
        await holder.end()
      }
    },
    async untilWaiting() {
      const question = `select 1 from pg_stat_activity where ${others} and ${waiting}`
      while ((await client.query(question)).rowCount === 0) {
        // Each look is a round trip, which is pause enough.
      }
    },
    async endConnections({ waiting: onlyWaiting = false } = {}) {
      const where = onlyWaiting ? `${others} and ${waiting}` : others
      const { rowCount } = await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where ${where}`,
      )
      return rowCount ?? 0
    },
    async readOnly(on = true) {
      const { rows } = await client.query('select quote_ident(current_database()) as name')
      await client.query(
        `alter database ${rows[0].name} set default_transaction_read_only = ${on ? 'on' : 'off'}`,
      )
    },
    close: () => client.end(),
  }
}
