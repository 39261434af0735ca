import fp from 'fastify-plugin'
import { createTargetGuard, type TargetGuard } from '../target-guard.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Outgoing calls, and what keeps them out of the private network. */
    targets: TargetGuard
  }
}

/** The connections to platforms; a call that is still under way when the app has closed is cut. */
export default fp<{ readonly allow: readonly string[] }>(
  async function targetGuard(app, { allow }) {
    const targets = createTargetGuard({ allow })
    app.decorate('targets', targets)
    app.addHook('onClose', () => targets.dispatcher.destroy())
  },
  { name: 'target-guard', fastify: '5.x' },
)
