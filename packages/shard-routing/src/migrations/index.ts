/** Prepares shards: our tables and those of the bots, and the first map. */

export { ShardSchemaError, WrongShardError } from '../errors.ts'
export { createFirstMap } from '../map/create-first-map.ts'
export { logShardReports } from './log-shard-reports.ts'
export { coreMigrations, migrateShards } from './migrate-shards.ts'
export type { OwnedMigrations } from './migration.ts'
export { needsOf } from './shard-versions.ts'
