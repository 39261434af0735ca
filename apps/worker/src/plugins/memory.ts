import { type Load, watchPressure } from '@botyard/service-kit/pressure'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'

/** How much memory the process may have. */
export interface MemoryOptions {
  /** Undefined: what the heap can hold. */
  readonly maxMemoryBytes: number | undefined
  /** For tests: what is measured. */
  readonly readLoad?: () => Load
  readonly logger: Logger
  readonly registry: Registry
}

/**
 * Takes no new conversations while memory is short: those in hand end, their replies leave, and other workers
 * take what waits. How late the event loop is says nothing here: it is the bots' code, and watched elsewhere.
 */
export default fp<MemoryOptions>(
  async function memory(app, { readLoad, ...options }) {
    const { inbox } = app
    const watching = watchPressure({
      ...options,
      ...(readLoad && { read: readLoad, everyMs: 5 }),
      onChange: level => inbox.pause(level !== 'none'),
    })
    app.addHook('preClose', async () => watching.close())
  },
  { name: 'memory', fastify: '5.x', dependencies: ['inbox'] },
)
