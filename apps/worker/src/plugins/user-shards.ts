import { unlessAborted } from '@botyard/service-kit'
import type { ShardPoolSettings, Shards } from '@botyard/shard-routing'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { openShards } from '../data/open-shards.ts'
import { migrationsOf } from '../handlers/bot-migrations.ts'

/** How the pools of the shards are set. */
export interface UserShardsOptions {
  readonly settings: ShardPoolSettings
  readonly logger: Logger
  readonly registry: Registry
  readonly stopping: AbortSignal
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The users' databases. */
    userShards: Shards
  }
}

/**
 * The users' databases. The start waits for the map of shards, and fails if a shard lacks migrations; a shard
 * that is away is no reason.
 */
export default fp<UserShardsOptions>(
  async function userShards(app, { settings, logger, registry, stopping }) {
    const { controlDatabase, handlers, keyring, redis } = app
    const users = openShards({
      db: controlDatabase,
      redis: { subscriber: redis.subscriber, commands: redis.commands },
      sets: migrationsOf(handlers),
      ...{ keyring, settings, registry, logger },
    })
    app.decorate('userShards', users.shards)
    app.addHook('onClose', () => users.close())
    await unlessAborted(users.whenReady(), stopping)
  },
  {
    name: 'user-shards',
    fastify: '5.x',
    dependencies: ['handlers', 'control-database', 'keyring', 'redis-clients'],
  },
)
