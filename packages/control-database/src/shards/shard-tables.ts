import type { ColumnType, Generated } from 'kysely'

export interface ShardTable {
  id: string
  /** A keyring envelope of `{ hosts, directHosts? }` under the context `shard:<id>`. */
  hosts: Buffer
  /** The change number of the last write to this shard: one row of numbers for hosts and maps. */
  version: number
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

/** A range as JSON holds it: keys are beyond its numbers. */
interface StoredRange {
  from: string
  to: string
  shard: string
}

/** Every map there ever was; the highest version counts. */
export interface ShardMapTable {
  version: number
  ranges: ColumnType<StoredRange[], string, never>
  /** Why it changed: `created`, `move <id>`, … */
  reason: string
  created_at: Generated<Date>
}

export interface ShardMoveTable {
  id: string
  source: string
  target: string
  /** Keys as decimal text: the end may be 2^63. */
  from_key: string
  to_key: string
  /** The next step. */
  step: string
  state: 'running' | 'cancelling' | 'done' | 'cancelled' | 'failed'
  counts: ColumnType<Record<string, unknown>, string | undefined, string>
  error: string | null
  /** The process that works on it, and the end of its lease. */
  runner: string | null
  leased_until: Date | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
  ended_at: Date | null
}

export interface ShardTimelineTable {
  shard: string
  /** Postgres's own id of the cluster. */
  system: string
  /** The highest that any process has seen. */
  timeline: number
}
