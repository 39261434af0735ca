import fp from 'fastify-plugin'
import type { IdentifyDeps } from '../bots/identify-bot.ts'
import { type Identifying, startIdentifying } from '../bots/start-identifying.ts'

/** Where it is told who bots are. */
export type IdentifyingOptions = Pick<IdentifyDeps, 'logger' | 'metrics'>

/** Asks platforms who bots are, from when the app listens until it closes. */
export default fp<IdentifyingOptions>(
  async function identifying(app, options) {
    const { adapters, controlDatabase: db, keyring, redis, targets } = app
    const deps = { adapters, db, keyring, redis: redis.commands, targets, ...options }
    let running: Identifying | undefined
    app.addHook('onListen', async () => {
      running = startIdentifying(deps)
    })
    app.addHook('onClose', async () => running?.close())
  },
  {
    name: 'identifying',
    fastify: '5.x',
    decorators: { fastify: ['adapters', 'controlDatabase', 'keyring', 'redis', 'targets'] },
  },
)
