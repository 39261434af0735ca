import type { ColumnType, Generated, Kysely } from 'kysely'

/** The tables of a user shard, as the migrations leave them; bots bring their own beside them. */
export interface ShardSchema {
  shard_identity: ShardIdentityTable
  owned_ranges: OwnedRangeTable
  range_closings: RangeClosingTable
  move_marks: MoveMarkTable
  users: UserTable
  user_state: UserStateTable
  once_results: OnceResultTable
  schema_migrations: ShardMigrationTable
}

/** A user shard, or a transaction on it. */
export type ShardDatabase = Kysely<ShardSchema>

/** `int8` is a bigint here: keys are beyond the numbers of JavaScript. */
type Key = ColumnType<bigint, bigint, never>
type Counter = ColumnType<bigint, bigint | number | undefined, bigint | number>
/** A `numeric`, which the driver gives as text: 2^63 at most, one more than an `int8` holds. */
type Bound = ColumnType<string, bigint, never>

interface ShardIdentityTable {
  single: Generated<boolean>
  shard: string
}

/** Whose writes this database takes. The fence of every user table locks the row of its key. */
interface OwnedRangeTable {
  from_key: Key
  to_key: Bound
  state: 'owned' | 'fenced'
  map_version: ColumnType<bigint, number, number>
}

/**
 * Keys whose writes are refused for a moment, so that a change of owned_ranges gets its row under any load.
 */
interface RangeClosingTable {
  id: Generated<string>
  from_key: Bound
  to_key: Bound
  until: Date
}

/** The last mark of each move that this shard takes part in. */
interface MoveMarkTable {
  move: string
  mark: string
}

interface UserTable {
  user_key: Key
  platform: string
  scope: string
  user_id: string
  profile: ColumnType<Record<string, unknown>, string | undefined, string>
  version: Counter
  /** The update that wrote last. */
  update_id: Buffer | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

interface UserStateTable {
  user_key: Key
  owner: string
  name: string
  value: ColumnType<unknown, string, string>
  version: Counter
  update_id: Buffer | null
  updated_at: Generated<Date>
}

interface OnceResultTable {
  user_key: Key
  update_id: Buffer
  name: string
  result: ColumnType<unknown, string, never>
  at: Generated<Date>
}

interface ShardMigrationTable {
  /** `botyard`, or `bot:<handler>`. */
  owner: string
  version: number
  name: string
  applied_at: Generated<Date>
}
