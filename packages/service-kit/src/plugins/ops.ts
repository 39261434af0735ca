import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { answerPrimary, isChild, tellServing } from '../cluster/child-side.ts'
import { buildOps } from '../ops.ts'

/** Where the ops routes listen, and what they tell. */
export interface OpsOptions {
  readonly host: string
  readonly port: number
  /**
   * The check that holds from the end of the start to the beginning of the close: an app that listens, or a
   * worker that works.
   */
  readonly check: 'listening' | 'working'
  readonly logger: Logger
  readonly registry: Registry
}

/** Answers whether something that `/ready` asks for is so. */
export type ReadyCheck = () => boolean | Promise<boolean>

declare module 'fastify' {
  interface FastifyInstance {
    /** Has `/ready` ask this too; a later check of the same name takes the place of the earlier one. */
    addReadyCheck(name: string, check: ReadyCheck): void
  }
}

/**
 * `/live`, `/ready` and `/metrics` on a listener of their own. Register it first: it then answers while the
 * others still wait for their databases, and closes after them. One process of several has no listener: it
 * answers its primary, which has one for all.
 */
export default fp<OpsOptions>(
  async function ops(app, { host, port, check, logger, registry }) {
    let isServing = false
    const checks = new Map<string, ReadyCheck>([[check, () => isServing]])
    app.decorate('addReadyCheck', (name, holds) => void checks.set(name, holds))
    app.addHook(check === 'listening' ? 'onListen' : 'onReady', async () => {
      isServing = true
      tellServing()
    })
    app.addHook('preClose', async () => {
      isServing = false
    })

    const ready = () => answersOf(checks)
    const listener = isChild()
      ? answerPrimary({ ready, metrics: () => registry.getMetricsAsJSON() })
      : await buildOps({ host, port, logger, registry, ready })
    app.addHook('onClose', () => listener.close())
  },
  { name: 'ops', fastify: '5.x' },
)

async function answersOf(checks: ReadonlyMap<string, ReadyCheck>): Promise<Record<string, boolean>> {
  const answers = [...checks].map(async ([name, holds]) => [name, await holds()] as const)
  return Object.fromEntries(await Promise.all(answers))
}
