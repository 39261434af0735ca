import type { ControlDatabase } from '@botyard/control-database'
import { inTransaction, lockUntilCommit } from '@botyard/control-database/advisory-locks'
import { nextShardChange } from '@botyard/control-database/shards'
import { ShardMapError } from '../errors.ts'
import { checkRanges, type ShardMap, type ShardRange } from './shard-map.ts'

/** The result of a change of the map; `version` is also the number to announce. */
export type ShardMapChange = { status: 'changed'; map: ShardMap } | { status: 'outdated'; version: number }

/** The shard map in the control database, every version of it. */
export interface ShardMapStore {
  /** The map that counts; `undefined` before the first. */
  current(): Promise<ShardMap | undefined>
  /**
   * Replaces the map if it is still the one of version `expected` (0: there is none yet). Throws
   * `ShardMapError` for ranges that do not cover the key space, or name an unknown shard.
   */
  change(options: {
    expected: number
    ranges: readonly ShardRange[]
    reason: string
  }): Promise<ShardMapChange>
}

/** The shard_map table of the control database; writes join the transaction of `db`, if it is one. */
export function createShardMapStore(db: ControlDatabase): ShardMapStore {
  return {
    current: () => readMap(db),

    async change({ expected, ranges, reason }) {
      checkRanges(ranges)
      return inTransaction(db, async trx => {
        await lockUntilCommit(trx, 'shardChanges')
        const version = (await readMap(trx))?.version ?? 0
        if (version !== expected) return { status: 'outdated', version }
        await requireShards(trx, ranges)
        const map = { version: await nextShardChange(trx), ranges: [...ranges] }
        const stored = map.ranges.map(({ from, to, shard }) => ({
          from: String(from),
          to: String(to),
          shard,
        }))
        await trx
          .insertInto('shard_map')
          .values({ version: map.version, ranges: JSON.stringify(stored), reason })
          .execute()
        return { status: 'changed', map }
      })
    },
  }
}

async function readMap(db: ControlDatabase): Promise<ShardMap | undefined> {
  const row = await db
    .selectFrom('shard_map')
    .select(['version', 'ranges'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const ranges = row.ranges.map(({ from, to, shard }) => ({ from: BigInt(from), to: BigInt(to), shard }))
  checkRanges(ranges)
  return { version: row.version, ranges }
}

async function requireShards(trx: ControlDatabase, ranges: readonly ShardRange[]): Promise<void> {
  const rows = await trx.selectFrom('shards').select('id').execute()
  const known = new Set(rows.map(row => row.id))
  for (const { shard } of ranges) {
    if (!known.has(shard)) throw new ShardMapError(`There is no shard ${shard}: register it first`)
  }
}
