import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  SelectQueryNode,
} from 'kysely'
import { RangeMovedError } from '../errors.ts'
import { rangeMovedState } from '../fence/create-fence.ts'
import { type FindRoute, moved, type ShardRoute } from './shard-route.ts'

/**
 * How often a statement follows its key to another shard: keys move seldom, and never twice within a
 * statement.
 */
const maxReroutes = 2

/** A connection to the shard of one key; a single statement that meets a move follows the key. */
export class RoutedConnection implements DatabaseConnection {
  readonly #findRoute: FindRoute
  #route: ShardRoute
  #inner: DatabaseConnection
  #inTransaction = false
  /** A query has used this session, so another session will not do. */
  #used = false

  private constructor(findRoute: FindRoute, route: ShardRoute, inner: DatabaseConnection) {
    this.#findRoute = findRoute
    this.#route = route
    this.#inner = inner
  }

  static async open(findRoute: FindRoute): Promise<RoutedConnection> {
    const route = await findRoute()
    return new RoutedConnection(findRoute, route, await route.pool.driver.acquireConnection())
  }

  get driver(): Driver {
    return this.#route.pool.driver
  }

  get inner(): DatabaseConnection {
    return this.#inner
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const alone = !this.#inTransaction && !this.#used
    this.#used = true
    for (let reroutes = 0; ; reroutes++) {
      try {
        const result = await this.#inner.executeQuery<R>(query)
        // Within a transaction, its end confirms all that it read.
        if (alone && onlyReads(query)) await this.#route.confirm()
        return result
      } catch (error) {
        const failure = translateMove(error, this.#route.pool.id)
        if (!alone || reroutes === maxReroutes || !(failure instanceof RangeMovedError)) throw failure
        if (!(await this.#follow())) throw failure
      }
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.#inner.streamQuery(query, chunkSize)
  }

  begun(): void {
    this.#inTransaction = true
  }

  /** Confirms, before a commit, that all reads of the transaction were valid. */
  confirm(): Promise<void> {
    return this.#route.confirm()
  }

  ended(): void {
    this.#inTransaction = false
  }

  async release(): Promise<void> {
    await this.driver.releaseConnection(this.#inner)
  }

  /** Goes to the key's shard of now; false if that is this one, which is about to give the key away. */
  async #follow(): Promise<boolean> {
    const route = await this.#findRoute({ ask: true })
    if (route.pool.id === this.#route.pool.id) return false
    const inner = await route.pool.driver.acquireConnection()
    await this.release()
    this.#route = route
    this.#inner = inner
    return true
  }
}

/** The fence's refusal as a typed error; any other error as it is. */
export function translateMove(error: unknown, shard: string): unknown {
  return (error as { code?: unknown } | undefined)?.code === rangeMovedState ? moved(shard, error) : error
}

/** Whether a repeat is harmless: raw SQL and `with` may write. */
function onlyReads({ query }: CompiledQuery): boolean {
  return SelectQueryNode.is(query) && query.with === undefined
}
