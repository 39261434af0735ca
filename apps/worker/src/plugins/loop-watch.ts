import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import { watchLoop } from '../isolation/watch-loop.ts'

/** How the event loop is watched. */
export interface LoopWatchOptions {
  readonly partitions: number
  readonly logger: Logger
  /** Undefined: not at all, as where several workers share a process. */
  readonly watch:
    | { readonly redisUrl: string; readonly logLevel: string; readonly blockedMs: number }
    | undefined
}

/** Ends the process when a bot's code blocks it, and says which. */
export default fp<LoopWatchOptions>(
  async function loopWatch(app, { partitions, watch, logger }) {
    if (watch === undefined) return
    const watching = watchLoop({
      ...{ ...watch, partitions, process: app.heartbeat.process },
      onEnd: err => logger.error({ err }, 'nobody watches the event loop any more: start the worker anew'),
    })
    app.addHook('onClose', () => watching.close())
    await watching.begun
  },
  { name: 'loop-watch', fastify: '5.x', dependencies: ['heartbeat'] },
)
