import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'

/**
 * In the place of the plugins that open what an app stands on: decorates the app with what a test has opened,
 * and will close, itself.
 */
export function given(decorators: object): FastifyPluginAsync {
  return fp(async function given(app) {
    for (const [name, value] of Object.entries(decorators)) app.decorate(name, value)
  })
}
