import type { ControlDatabase } from '@botyard/control-database'
import { inTransaction, lockPatiently } from '@botyard/control-database/advisory-locks'
import type { Shard, TimelineMemory } from '@botyard/control-database/shards'
import type { Logger } from 'pino'
import { changeOwnedRange, ownedRanges } from '../fence/change-owned-ranges.ts'
import { createShardPool } from '../pool/shard-pool.ts'
import type { ShardPoolSettings } from '../pool/shard-pool-settings.ts'
import { evenRanges, rangesOf, type ShardMap } from './shard-map.ts'
import { createShardMapStore } from './shard-map-store.ts'

/**
 * Gives new, migrated shards equal parts of the key space, if there is no map yet, and answers the map. Each
 * shard learns what it owns before the map exists, so a crash in between leaves nothing that a repeat does
 * not mend. Once there is a map, only moves change it.
 */
export async function createFirstMap(options: {
  control: ControlDatabase
  shards: readonly Shard[]
  logger: Logger
  settings?: Partial<ShardPoolSettings>
  memory?: TimelineMemory
}): Promise<ShardMap> {
  const { control, shards, logger, settings, memory } = options
  return inTransaction(control, async trx => {
    await lockPatiently(trx, 'shardChanges')
    const maps = createShardMapStore(trx)
    const known = await maps.current()
    if (known !== undefined) return known
    const ranges = evenRanges(shards.map(shard => shard.id))
    for (const { id, hosts, directHosts } of shards) {
      const pool = createShardPool({
        id,
        hosts: directHosts ?? hosts,
        logger,
        ...(memory && { memory }),
        settings: { ...settings, size: 1 },
      })
      try {
        for (const range of await ownedRanges(pool.db)) {
          await changeOwnedRange(pool.db, { ...range, state: 'none' })
        }
        for (const { from, to } of rangesOf({ ranges }, id)) {
          await changeOwnedRange(pool.db, { from, to, state: 'owned', mapVersion: 0 })
        }
      } finally {
        await pool.close()
      }
    }
    const change = await maps.change({ expected: 0, ranges, reason: 'created' })
    // No other process can have made one: this transaction holds the lock.
    if (change.status === 'outdated')
      throw new Error(`There is a shard map of version ${change.version} already`)
    logger.info({ map: change.map.version, shards: shards.length }, 'first shard map created')
    return change.map
  })
}
