import { createAuditLog } from '@botyard/control-database'
import { announceShardChange } from '@botyard/control-database/notices'
import { createShardStore, createTimelineStore } from '@botyard/control-database/shards'
import { type Keyring, postgresHostLabel } from '@botyard/service-kit'
import { coreMigrations, migrateShards } from '@botyard/shard-routing/migrations'
import type { Actor } from '../actor.ts'
import { ShardRefusedError } from '../errors.ts'
import type { ShardDeps } from './shard-deps.ts'
import type { NewShardBody } from './shard-schemas.ts'

const announceMs = 2_000

/**
 * Migrates a new database and registers it, or gives a known shard other hosts; it has no users until keys
 * are moved to it. Tables of bots are the worker's migrations to make. Throws `ShardRefusedError` if the
 * database is away or another shard's.
 */
export async function addShard(
  { moves, security, keyring }: ShardDeps & { keyring: Keyring },
  actor: Actor,
  shard: NewShardBody,
): Promise<{ status: 'registered' | 'changed' | 'same' }> {
  const { control, logger, redis, settings } = moves
  const [report] = await migrateShards({
    ...{ shards: [shard], sets: [coreMigrations], control, logger, memory: createTimelineStore(control) },
    ...(settings && { settings }),
  })
  if (report?.status === 'failed') throw new ShardRefusedError(shard.id, (report.error as Error).message)
  const registration = await control.transaction().execute(async trx => {
    const result = await createShardStore(trx, keyring).register(shard)
    if (result.status === 'same') return result
    await createAuditLog(trx).append({
      ...{ actor: actor.subject, role: actor.role, action: 'shard.add', target: shard.id },
      details: { status: result.status, hosts: shard.hosts.map(postgresHostLabel) },
    })
    return result
  })
  if (registration.status !== 'same') {
    security('security.credentials_changed', { shard: shard.id, actor: actor.subject, action: 'shard.add' })
    // The change stands: who misses the notice finds it within a second.
    await announceShardChange({ redis, change: registration.change, timeoutMs: announceMs }).catch(err =>
      logger.warn({ err, shard: shard.id }, 'shard change not announced, instances will find it by polling'),
    )
  }
  return { status: registration.status }
}
