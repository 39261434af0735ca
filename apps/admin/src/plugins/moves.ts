import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { createShardStore, createTimelineStore } from '@botyard/control-database/shards'
import type { ShardPoolSettings } from '@botyard/shard-routing'
import { createMoveMetrics, type MoveDeps, type MoveRunner, startMoves } from '@botyard/shard-routing/moves'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'

/** How shards are reached. */
export interface MovesOptions {
  readonly settings: ShardPoolSettings
  readonly logger: Logger
  readonly registry: Registry
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Where moves are recorded, and how the shards are reached. */
    moves: Omit<MoveDeps, 'onStep'>
    /** Makes the moves that are recorded. */
    moveRunner: Pick<MoveRunner, 'wake'>
  }
}

/** Moves ranges of users between shards; one admin process at a time makes a move. */
export default fp<MovesOptions>(
  async function moves(app, { settings, logger, registry }) {
    const { controlDatabase, keyring, redis } = app
    const deps = {
      control: controlDatabase,
      shards: createShardStore(controlDatabase, keyring),
      memory: createTimelineStore(controlDatabase),
      metrics: createMoveMetrics(registry),
      redis: redis.commands,
      ...{ logger, settings },
    }
    const runner = startMoves(deps, { process: `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}` })
    app.decorate('moves', deps)
    app.decorate('moveRunner', runner)
    app.addHook('onClose', () => runner.close())
  },
  { name: 'moves', fastify: '5.x', dependencies: ['redis-clients', 'keyring', 'control-database'] },
)
