import { watchProgress } from '@botyard/mailbox'
import fp from 'fastify-plugin'
import type { Logger } from 'pino'
import type { WorkerMetrics } from '../metrics.ts'

/** When a worker has stalled. */
export interface ProgressOptions {
  readonly partitions: number
  readonly stalledAfterMs: number
  readonly logger: Logger
  readonly metrics: Pick<WorkerMetrics, 'stalled'>
}

/** Has `/ready` fail while mail waits that this worker has places for and takes none of. */
export default fp<ProgressOptions>(
  async function progress(app, { partitions, stalledAfterMs, logger, metrics }) {
    const { inbox, outbox } = app
    const watch = watchProgress({
      redis: app.redis.worker,
      ...{ partitions, stalledAfterMs, groups: app.turns.groups },
      drains: { inbox, outbox },
      onChange(box, stalled) {
        metrics.stalled(box, stalled)
        if (stalled)
          logger.error({ box, stalledAfterMs }, 'mail waits and this worker takes none, see /ready')
        else logger.info({ box }, 'this worker takes mail again')
      },
    })
    app.addReadyCheck('progress', () => !watch.stalled)
    app.addHook('preClose', async () => watch.close())
  },
  {
    name: 'progress',
    fastify: '5.x',
    dependencies: ['inbox', 'outbox'],
    decorators: { fastify: ['addReadyCheck'] },
  },
)
