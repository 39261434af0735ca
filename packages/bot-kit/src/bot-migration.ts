import type { Kysely } from 'kysely'
import { BotDefinitionError } from './errors.ts'

/**
 * A step of a bot's own tables, which every user shard gets (`npm run migrate-bots`). Forward only: one that
 * has been released is never edited, and must leave the tables usable for the version of the bot before.
 * Every table has `user_key bigint` in its primary key, and no sequences: rows move between shards with their
 * user.
 *
 * ```ts
 * {
 *   version: 1,
 *   name: 'scores',
 *   async up(db) {
 *     await db.schema
 *       .createTable('quiz_scores')
 *       .addColumn('user_key', 'bigint', col => col.notNull())
 *       .addColumn('quiz', 'text', col => col.notNull())
 *       .addColumn('points', 'integer', col => col.notNull())
 *       .addPrimaryKeyConstraint('quiz_scores_pkey', ['user_key', 'quiz'])
 *       .execute()
 *   },
 * }
 * ```
 */
export interface BotMigration {
  /** 1, 2, 3 …, without gaps. */
  readonly version: number
  readonly name: string
  /** Runs inside one transaction of each shard. */
  // biome-ignore lint/suspicious/noExplicitAny: the tables are the bot's.
  up(db: Kysely<any>): Promise<void>
}

/** Throws `BotDefinitionError` for steps that could not be run in order. */
export function requireMigrations(migrations: unknown): asserts migrations is readonly BotMigration[] {
  if (!Array.isArray(migrations)) {
    throw new BotDefinitionError(`migrations is a ${typeof migrations}: it must be an array`)
  }
  for (const [index, { version, name, up }] of (migrations as Partial<BotMigration>[]).entries()) {
    if (version !== index + 1) {
      throw new BotDefinitionError(
        `migrations[${index}].version is ${version}: versions must be 1, 2, 3 … in order`,
      )
    }
    if (typeof name !== 'string' || !/^[a-z0-9-]+$/.test(name)) {
      throw new BotDefinitionError(
        `migrations[${index}].name is ${name}: use lower-case letters, digits and -`,
      )
    }
    if (typeof up !== 'function') {
      throw new BotDefinitionError(`migrations[${index}].up is a ${typeof up}: it must be a function`)
    }
  }
}
