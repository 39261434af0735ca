import fp from 'fastify-plugin'
import { type PollersDeps, startPollers } from '../polling/pollers.ts'

/** Polls for bots without a public address, from when the app listens until it closes. */
export default fp<PollersDeps>(
  async function polling(app, deps) {
    let pollers: ReturnType<typeof startPollers> | undefined
    app.addHook('onListen', async () => {
      pollers = startPollers(deps)
    })
    app.addHook('onClose', async () => pollers?.close())
  },
  { name: 'polling', fastify: '5.x' },
)
