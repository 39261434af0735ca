import fp from 'fastify-plugin'
import type { IdentifyDeps } from '../bots/identify-bot.ts'
import { type Identifying, startIdentifying } from '../bots/start-identifying.ts'

/** Asks platforms who bots are, from when the app listens until it closes. */
export default fp<IdentifyDeps>(
  async function identifying(app, deps) {
    let running: Identifying | undefined
    app.addHook('onListen', async () => {
      running = startIdentifying(deps)
    })
    app.addHook('onClose', async () => running?.close())
  },
  { name: 'identifying', fastify: '5.x' },
)
