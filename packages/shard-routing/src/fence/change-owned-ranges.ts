import { sql } from 'kysely'
import type { ShardDatabase } from '../shard-schema.ts'

/** A range of keys as a shard itself holds it. */
export interface OwnedRange {
  readonly from: bigint
  readonly to: bigint
  /** `fenced`: the shard has the rows, and takes no writes. */
  readonly state: 'owned' | 'fenced'
  /** The version of the map that it was written for. */
  readonly mapVersion: number
}

/** How long a change waits for writes under way by default, in ms. */
const defaultTimeoutMs = 2_000
/** A closing outlives the wait by this much, so that a slow network does not end it too early, in ms. */
const spareMs = 3_000

/** The ranges of a shard in the order of their keys. */
export async function ownedRanges(db: ShardDatabase): Promise<OwnedRange[]> {
  const rows = await db.selectFrom('owned_ranges').selectAll().orderBy('from_key').execute()
  return rows.map(row => ({
    from: row.from_key,
    to: BigInt(row.to_key),
    state: row.state,
    mapVersion: Number(row.map_version),
  }))
}

/**
 * Makes the keys `from` … `to` `owned` or `fenced` by this shard, or `none` of its own, and nothing of the
 * rest: rows that overlap are cut. When it resolves, every write that had begun before is committed or gone,
 * and every later one meets the new state. Rejects and changes nothing if a transaction that wrote there
 * stays open for `timeoutMs` (55P03). A repeat is safe.
 */
export async function changeOwnedRange(
  db: ShardDatabase,
  change: {
    from: bigint
    to: bigint
    state: OwnedRange['state'] | 'none'
    mapVersion: number
    timeoutMs?: number
  },
): Promise<void> {
  const { from, to, state, mapVersion, timeoutMs = defaultTimeoutMs } = change
  const closing = await closeRanges(db, { from, to, forMs: timeoutMs + spareMs })
  try {
    await db.transaction().execute(async trx => {
      await sql`select set_config('lock_timeout', ${`${timeoutMs}ms`}, true)`.execute(trx)
      const rows = await trx.deleteFrom('owned_ranges').where(overlaps(from, to)).returningAll().execute()
      const pieces = rows.flatMap(row => [
        { ...row, to_key: least(BigInt(row.to_key), from) },
        { ...row, from_key: greatest(row.from_key, to), to_key: BigInt(row.to_key) },
      ])
      const kept = pieces.map(piece => ({ ...piece, map_version: Number(piece.map_version) }))
      const changed = { from_key: from, to_key: to, map_version: mapVersion }
      const all = state === 'none' ? kept : [...kept, { ...changed, state }]
      const values = all.filter(piece => piece.from_key < piece.to_key)
      if (values.length > 0) await trx.insertInto('owned_ranges').values(values).execute()
    })
  } finally {
    await db.deleteFrom('range_closings').where('id', '=', closing).execute()
  }
}

/** Refuses new writes to every row that overlaps: to the whole row, because writers lock whole rows. */
async function closeRanges(
  db: ShardDatabase,
  { from, to, forMs }: { from: bigint; to: bigint; forMs: number },
): Promise<string> {
  const affected = (await ownedRanges(db)).filter(range => range.from < to && from < range.to)
  const { id } = await db
    .insertInto('range_closings')
    .values({
      from_key: affected.reduce((bound, range) => least(bound, range.from), from),
      to_key: affected.reduce((bound, range) => greatest(bound, range.to), to),
      until: sql<Date>`clock_timestamp() + ${`${forMs} ms`}::interval`,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** By numeric, because 2^63 is no bigint. */
function overlaps(from: bigint, to: bigint) {
  return sql<boolean>`from_key < ${String(to)}::numeric and to_key > ${String(from)}::numeric`
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
