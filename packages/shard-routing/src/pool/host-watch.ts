import { OpenSockets } from '@botyard/service-kit'
import pg from 'pg'
import { connectionOptions } from './connection-options.ts'
import { failureKind } from './failure-kind.ts'
import type { HostReport } from './host-report.ts'
import type { ShardPoolSettings } from './shard-pool-settings.ts'

/** A promotion is seen within this time, in ms. */
const lookEveryMs = 500
/**
 * A host that does not answer for as long is looked at once more on a new connection, and then counts as
 * away, in ms.
 */
const answerTimeoutMs = 1_000

/**
 * On a primary the timeline is read from the log itself: the control file still has the old one for a while
 * after a promotion. On a standby both may lag, and the higher one is right. (The receiver's timeline is null
 * without `pg_read_all_stats`.)
 */
const question = `
  select
    pg_is_in_recovery() as standby,
    (select system_identifier::text from pg_control_system()) as system,
    case when pg_is_in_recovery() then greatest(
      (select timeline_id from pg_control_checkpoint()),
      (select min_recovery_end_timeline from pg_control_recovery()),
      (select max(received_tli) from pg_stat_wal_receiver)
    ) else ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int end as timeline`

/** Watches one host on a connection of its own, and reports each look. */
export class HostWatch {
  readonly #url: string
  readonly #settings: Pick<ShardPoolSettings, 'tls'>
  readonly #onReport: (report: HostReport) => void
  readonly #sockets = new OpenSockets()
  #client: pg.Client | undefined
  #last: HostReport = { status: 'unknown' }
  #timer: NodeJS.Timeout | undefined
  #looking = false
  #again = false
  #closed = false

  constructor(url: string, settings: Pick<ShardPoolSettings, 'tls'>, onReport: (report: HostReport) => void) {
    this.#url = url
    this.#settings = settings
    this.#onReport = onReport
    this.#look()
  }

  /** Looks at once, on a new connection: a server may serve old connections and take no new ones. */
  suspect(): void {
    if (this.#looking) {
      this.#again = true
      return
    }
    this.#disconnect()
    clearTimeout(this.#timer)
    this.#look()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#disconnect()
  }

  #look(): void {
    this.#looking = true
    // Never rejects: a failure is its answer, and `onReport` never throws.
    void this.#ask().then(report => {
      this.#looking = false
      if (this.#closed) return this.#disconnect()
      this.#last = report
      this.#onReport(report)
      const again = this.#again
      this.#again = false
      if (again) this.#disconnect()
      this.#timer = setTimeout(() => this.#look(), again ? 0 : lookEveryMs)
    })
  }

  async #ask(): Promise<HostReport> {
    try {
      return await this.#askOnce()
    } catch {
      // Perhaps only that connection was lost, or this process was too busy to read the answer in time.
      this.#disconnect()
    }
    try {
      return await this.#askOnce()
    } catch (error) {
      this.#disconnect()
      // It lives, and those who are connected are served: what was true of it a moment ago still is.
      return failureKind(error) === 'full' ? this.#last : { status: 'away', error }
    }
  }

  async #askOnce(): Promise<HostReport> {
    this.#client ??= await this.#connect()
    const { rows } = await this.#client.query(question)
    const { standby, timeline, system } = rows[0] as { standby: boolean; timeline: number; system: string }
    return { status: standby ? 'standby' : 'writable', timeline, system }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...connectionOptions(this.#url, this.#settings, this.#sockets),
      connectionTimeoutMillis: answerTimeoutMs,
      query_timeout: answerTimeoutMs,
    })
    client.on('error', () => {
      // The next look finds out.
    })
    await client.connect()
    return client
  }

  #disconnect(): void {
    this.#client = undefined
    this.#sockets.destroyAll()
  }
}
