import { coreMigrations, type OwnedMigrations } from '@botyard/shard-routing/migrations'
import type { Handlers } from './load-bots.ts'

/**
 * The migrations of the build and, under the names of their handlers, of its bots: what the shards must have
 * had.
 */
export function migrationsOf(handlers: Handlers): OwnedMigrations[] {
  const bots = [...handlers].flatMap(([handler, { migrations = [] }]) =>
    migrations.length > 0 ? [{ owner: `bot:${handler}`, migrations }] : [],
  )
  return [coreMigrations, ...bots]
}
