import type { DatabaseConnection, Driver, TransactionSettings } from 'kysely'
import { RoutedConnection } from './routed-connection.ts'
import type { FindRoute } from './shard-route.ts'

/** Kysely's way to one user: which shard that is, each connection finds out anew. */
export class RoutedDriver implements Driver {
  readonly #findRoute: FindRoute

  constructor(findRoute: FindRoute) {
    this.#findRoute = findRoute
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<DatabaseConnection> {
    return RoutedConnection.open(this.#findRoute)
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const routed = own(connection)
    await routed.driver.beginTransaction(routed.inner, settings)
    routed.begun()
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const routed = own(connection)
    await routed.confirm()
    await routed.driver.commitTransaction(routed.inner)
    routed.ended()
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    const routed = own(connection)
    await routed.driver.rollbackTransaction(routed.inner)
    routed.ended()
  }

  async savepoint(...[connection, ...rest]: Parameters<NonNullable<Driver['savepoint']>>): Promise<void> {
    await own(connection).driver.savepoint?.(own(connection).inner, ...rest)
  }

  async rollbackToSavepoint(
    ...[connection, ...rest]: Parameters<NonNullable<Driver['savepoint']>>
  ): Promise<void> {
    await own(connection).driver.rollbackToSavepoint?.(own(connection).inner, ...rest)
  }

  async releaseSavepoint(
    ...[connection, ...rest]: Parameters<NonNullable<Driver['savepoint']>>
  ): Promise<void> {
    await own(connection).driver.releaseSavepoint?.(own(connection).inner, ...rest)
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await own(connection).release()
  }

  /** Nothing to do: the pools are closed where they were opened. */
  async destroy(): Promise<void> {}
}

function own(connection: DatabaseConnection): RoutedConnection {
  return connection as RoutedConnection
}
