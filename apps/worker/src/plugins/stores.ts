import {
  createBotStore,
  createDeadLetterStore,
  createErasureStore,
  createTenantStore,
  type DeadLetterStore,
  type ErasureStore,
} from '@botyard/control-database'
import { type BroadcastStore, createBroadcastStore } from '@botyard/control-database/broadcasts'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { StoreIdentity } from '../outbox/identities.ts'
import { createStoreIdentity } from '../outbox/store-identity.ts'
import { createTenantCredentials, type TenantCredentials } from '../outbox/tenant-credentials.ts'

declare module 'fastify' {
  interface FastifyInstance {
    broadcastStore: BroadcastStore
    deadLetterStore: DeadLetterStore
    erasureStore: ErasureStore
    storeIdentity: StoreIdentity
    tenantCredentials: TenantCredentials
  }
}

/** What a worker reads and writes in the control database. */
export default fp<{ readonly logger: Logger }>(
  async function stores(app, { logger }) {
    const { bots, controlDatabase, keyring, redis } = app
    app.decorate('broadcastStore', createBroadcastStore(controlDatabase, keyring))
    app.decorate('deadLetterStore', createDeadLetterStore(controlDatabase))
    app.decorate('erasureStore', createErasureStore(controlDatabase))
    const store = createBotStore(controlDatabase, keyring)
    app.decorate('storeIdentity', createStoreIdentity({ store, redis: redis.commands, logger }))
    const tenants = createTenantStore(controlDatabase, keyring)
    app.decorate('tenantCredentials', createTenantCredentials({ bots, tenants }))
  },
  {
    name: 'stores',
    fastify: '5.x',
    dependencies: ['control-database', 'keyring', 'redis-clients', 'bot-directory'],
  },
)
