import { type Load, type Pressure, watchPressure } from '@botyard/service-kit/pressure'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'

/** Where the bounds of the process are. */
export interface PressureOptions {
  /** How late timers may run, on average of a second; undefined: no matter how late. */
  readonly maxDelayMs?: number
  readonly maxMemoryBytes?: number | undefined
  /** For tests: what is measured. */
  readonly readLoad?: () => Load
  readonly logger: Logger
  readonly registry: Registry
}

declare module 'fastify' {
  interface FastifyInstance {
    /** How much the process can still take in. */
    pressure: Pick<Pressure, 'level'>
  }
}

/** Measures how near the process is to its bounds; the webhooks ask before they read a body. */
export default fp<PressureOptions>(
  async function pressure(app, { readLoad, ...options }) {
    const watching = watchPressure({ ...options, ...(readLoad && { read: readLoad, everyMs: 5 }) })
    app.decorate('pressure', watching)
    app.addHook('onClose', async () => watching.close())
  },
  { name: 'pressure', fastify: '5.x' },
)
