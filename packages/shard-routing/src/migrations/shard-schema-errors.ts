/** A shard is older than the build or a bot; `found` is 0 where nothing was ever migrated. */
export class ShardSchemaError extends Error {
  static readonly code = 'SHD_SCHEMA_TOO_OLD'
  readonly code = ShardSchemaError.code
  readonly shard: string
  /** `botyard`, or `bot:<handler>`. */
  readonly owner: string
  readonly found: number
  readonly needed: number

  constructor(shard: string, facts: { owner: string; found: number; needed: number }) {
    const script = facts.owner === coreOwner ? 'apps/admin/src/migrate.ts' : 'apps/worker/src/migrate.ts'
    super(
      `The shard ${shard} has version ${facts.found} of the schema of ${facts.owner}, and this build needs ${facts.needed}: run the migrations (node ${script}), then start again`,
    )
    this.shard = shard
    this.owner = facts.owner
    this.found = facts.found
    this.needed = facts.needed
  }
}

/** The hosts of a shard lead to the database of another one. */
export class WrongShardError extends Error {
  static readonly code = 'SHD_WRONG_DATABASE'
  readonly code = WrongShardError.code
  readonly shard: string
  readonly found: string

  constructor(shard: string, found: string) {
    super(`The hosts of the shard ${shard} lead to the database of ${found}: correct SHARDS, then migrate again`)
    this.shard = shard
    this.found = found
  }
}

/** The owner of the migrations of Botyard itself. */
export const coreOwner = 'botyard'
