import type { ShardDatabase } from '../shard-schema.ts'

/** One step of a shard's schema. Forward only: a step that has been released is never edited. */
export interface ShardMigration {
  /** 1, 2, 3 …, without gaps. */
  readonly version: number
  readonly name: string
  /** Runs inside one transaction; must leave the schema usable for the build before. */
  up(trx: ShardDatabase): Promise<void>
}

/** The migrations of one owner, in order: `botyard`, or `bot:<handler>`. */
export interface OwnedMigrations {
  readonly owner: string
  readonly migrations: readonly ShardMigration[]
}

/** The owner of the migrations of Botyard itself. */
export const coreOwner = 'botyard'
