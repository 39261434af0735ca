import fp from 'fastify-plugin'
import { watchLoop } from '../isolation/watch-loop.ts'

/** How the event loop is watched. */
export interface LoopWatchOptions {
  readonly partitions: number
  /** Undefined: not at all, as where several workers share a process. */
  readonly watch: { readonly redisUrl: string; readonly logLevel: string; readonly blockedMs: number } | undefined
}

/** Ends the process when a bot's code blocks it, and says which. */
export default fp<LoopWatchOptions>(
  async function loopWatch(app, { partitions, watch }) {
    if (watch === undefined) return
    const watching = watchLoop({ ...watch, partitions, process: app.heartbeat.process })
    app.addHook('onClose', () => watching.close())
  },
  { name: 'loop-watch', fastify: '5.x', dependencies: ['heartbeat'] },
)
