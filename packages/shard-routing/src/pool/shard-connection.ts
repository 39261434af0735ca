import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import type pg from 'pg'
import type { ShardUnavailableError } from '../errors.ts'
import type { ConnectionSource, Lease, LeaseEnd } from './connection-source.ts'
import { failureKind } from './failure-kind.ts'
import type { PreparedNames } from './prepared-names.ts'

/** How often a statement is run again that a standby refused or that lost a conflict. */
const maxRetries = 2

const idleInTransaction = '25P03'

/** A connection as Kysely sees it. It translates errors, and knows whether its work may have taken effect. */
export class ShardConnection implements DatabaseConnection {
  readonly #source: ConnectionSource
  readonly #names: PreparedNames | undefined
  readonly #onRetry: () => void
  #lease: Lease | undefined
  #phase: 'single' | 'transaction' | 'commit' = 'single'
  /** No query has used this session yet, so another session will do as well. */
  #fresh = true
  #end: LeaseEnd = 'unused'
  #broken: ShardUnavailableError | undefined
  #discard = false
  /**
   * How the server ended the connection while no query was under way; the next query is only told that it is
   * gone.
   */
  #ended: { code?: unknown } | undefined

  constructor(
    parts: { source: ConnectionSource; names: PreparedNames | undefined; onRetry: () => void },
    lease: Lease,
  ) {
    this.#source = parts.source
    this.#names = parts.names
    this.#onRetry = parts.onRetry
    this.#lease = lease
    lease.client.on('error', this.#noteEnd)
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const name = query.parameters.length > 0 ? this.#names?.nameOf(query.sql) : undefined
    const config = { text: query.sql, values: [...query.parameters], ...(name !== undefined && { name }) }
    for (let retries = 0; ; retries++) {
      const swappable = this.#fresh && this.#phase === 'single'
      try {
        return toResult(await this.#run(() => this.#client().query(config)))
      } catch (error) {
        if (!swappable || retries === maxRetries || !isUndone(error)) throw error
        this.#onRetry()
        await this.#swap()
      }
    }
  }

  // biome-ignore lint/correctness/useYield: it only says that there is none.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Shards do not stream: read in pages, by the primary key')
  }

  async begin(sql: string): Promise<void> {
    this.#phase = 'transaction'
    await this.command(sql)
  }

  async command(sql: string): Promise<void> {
    await this.#run(() => this.#client().query(sql))
  }

  /**
   * Rejects with effect `unknown` if the answer is lost, or if the primary was told not to wait for its
   * standby any more.
   */
  async commit(): Promise<'committed' | 'rolled-back'> {
    this.#phase = 'commit'
    const notices: { code?: string | undefined }[] = []
    const note = (notice: { code?: string | undefined }) => void notices.push(notice)
    const client = this.#client()
    client.on('notice', note)
    try {
      const { command } = await this.#run(() => client.query('commit'))
      // "The transaction has already committed locally, but might not have been replicated": a plain warning,
      // 01000.
      if (notices.some(({ code }) => code === '01000')) {
        throw this.#source.unavailable('not-replicated', { effect: 'unknown' })
      }
      return command === 'ROLLBACK' ? 'rolled-back' : 'committed'
    } finally {
      client.off('notice', note)
    }
  }

  /** Never rejects: the server rolls back the transaction of a lost connection. */
  async rollback(): Promise<void> {
    if (this.#broken !== undefined || this.#discard) return
    await this.command('rollback').catch(() => {
      this.#discard = true
    })
  }

  release(): void {
    if (this.#lease === undefined) return
    this.#lease.client.off('error', this.#noteEnd)
    this.#source.release(this.#lease, this.#end, this.#broken !== undefined || this.#discard)
    this.#lease = undefined
  }

  #client(): pg.PoolClient {
    if (this.#broken !== undefined) throw this.#broken
    if (this.#lease === undefined) throw new Error('The connection was given back already')
    return this.#lease.client
  }

  #noteEnd = (error: unknown) => {
    this.#ended ??= error as { code?: unknown }
  }

  async #swap(): Promise<void> {
    this.release()
    this.#lease = await this.#source.acquire()
    this.#lease.client.on('error', this.#noteEnd)
    this.#ended = undefined
    this.#broken = undefined
    this.#discard = false
    this.#fresh = true
    this.#end = 'unused'
  }

  async #run<T>(ask: () => Promise<T>): Promise<T> {
    this.#fresh = false
    try {
      const answer = await ask()
      if (this.#end === 'unused') this.#end = 'served'
      return answer
    } catch (error) {
      throw this.#translate(error)
    }
  }

  #translate(error: unknown): unknown {
    // The caller did nothing in its transaction for too long: its own fault, which must count as a failed
    // try.
    if (this.#ended?.code === idleInTransaction) {
      this.#discard = true
      return this.#ended
    }
    switch (failureKind(error)) {
      case 'never':
      case 'full':
      case 'away':
        // Before its commit a transaction has done nothing that stays.
        return this.#break(this.#phase === 'transaction' ? 'none' : 'unknown', 'connection-lost', error)
      case 'read-only':
        return this.#break('none', 'read-only', error)
      case 'stale-plan':
        this.#names?.renew()
        this.#discard = true
        break
      default:
    }
    // The server has judged the query: it works.
    if (this.#broken === undefined) this.#end = 'served'
    return error
  }

  #break(
    effect: 'none' | 'unknown',
    reason: 'connection-lost' | 'read-only',
    cause: unknown,
  ): ShardUnavailableError {
    if (this.#broken !== undefined) return this.#broken
    this.#end = 'failed'
    if (this.#lease !== undefined) this.#source.suspect(this.#lease.host)
    this.#broken = this.#source.unavailable(reason, { effect }, cause)
    return this.#broken
  }
}

/** Whether the query certainly changed nothing, and may succeed on another connection. */
export function isUndone(error: unknown): boolean {
  const kind = failureKind(error)
  if (kind === 'conflict' || kind === 'stale-plan') return true
  const { code, effect, reason } = error as Partial<ShardUnavailableError>
  // A shard that could give no connection has been waited for already.
  return (
    code === 'SHD_UNAVAILABLE' &&
    effect === 'none' &&
    (reason === 'connection-lost' || reason === 'read-only')
  )
}

function toResult<R>({ command, rowCount, rows }: pg.QueryResult): QueryResult<R> {
  const writes = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE' || command === 'MERGE'
  return { rows: (rows ?? []) as R[], ...(writes && { numAffectedRows: BigInt(rowCount ?? 0) }) }
}
