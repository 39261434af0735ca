import { users } from './001-users.ts'
import { moveMarks } from './002-move-marks.ts'
import type { ShardMigration } from './migration.ts'

/** Every step of a shard's schema, in order: the table of contents of its history. */
export const shardMigrations: readonly ShardMigration[] = [users, moveMarks]

/** The schema version that this build needs of every shard: the number of the last migration. */
export const shardSchemaVersion = shardMigrations.at(-1)?.version ?? 0
