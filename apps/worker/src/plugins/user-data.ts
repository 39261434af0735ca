import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { createDataMetrics } from '../data/data-metrics.ts'
import { type OpenMemoryOptions, openMemory } from '../data/open-memory.ts'
import { createOpenData, type OpenData } from '../data/user-data.ts'

/** Where caches and sessions are, and how much of them. */
export interface UserDataOptions {
  readonly config: OpenMemoryOptions['config'] & { readonly PROFILE_TTL_MS: number }
  readonly logger: Logger
  readonly registry: Registry
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Opens what a bot remembers, for one run of its handler. */
    openData: OpenData
  }
}

/** What bots remember: profiles and state on the users' shards, behind caches; sessions. */
export default fp<UserDataOptions>(
  async function userData(app, { config, logger, registry }) {
    const { bots, keyring, naming, userShards } = app
    const memory = openMemory({ config, keyring, naming, registry, logger })
    app.addHook('onClose', () => memory.close())
    app.decorate(
      'openData',
      createOpenData({
        ...memory,
        ...{ bots, userShards, naming },
        profileTtlMs: config.PROFILE_TTL_MS,
        count: createDataMetrics(registry),
      }),
    )
  },
  { name: 'user-data', fastify: '5.x', dependencies: ['bot-directory', 'user-shards', 'keyring', 'naming'] },
)
