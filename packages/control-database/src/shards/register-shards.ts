import type { Keyring } from '@botyard/service-kit'
import type { Logger } from 'pino'
import { inTransaction, lockPatiently } from '../database/advisory-locks.ts'
import type { ControlDatabase } from '../database/control-database.ts'
import { createShardStore, type Shard } from './shard-store.ts'

/**
 * Registers the shards that a configuration names. It waits for another migrator, which holds the lock while
 * it tells each shard what it owns.
 */
export async function registerShards(options: {
  control: ControlDatabase
  keyring: Keyring
  shards: readonly Shard[]
  logger: Logger
}): Promise<void> {
  const { control, keyring, shards, logger } = options
  await inTransaction(control, async trx => {
    await lockPatiently(trx, 'shardChanges')
    const store = createShardStore(trx, keyring)
    for (const shard of shards) {
      const { status } = await store.register(shard)
      if (status !== 'same') logger.info({ shard: shard.id, status }, 'shard registered')
    }
  })
}
