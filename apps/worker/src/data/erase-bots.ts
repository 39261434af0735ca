import type { ErasureStore } from '@botyard/control-database'
import { eraseUsers, type Shards } from '@botyard/shard-routing'
import type { Logger } from 'pino'

/** What erasing needs. */
export interface EraseBotsDeps {
  readonly erasures: ErasureStore
  readonly userShards: Pick<Shards, 'each'>
  readonly logger: Logger
}

const leaseMs = 60_000

/**
 * Carries out the erasures that removed bots left, one after the other; ends when none waits. A shard that is
 * away fails the erasure, which another look takes up again when its lease has ended.
 */
export async function eraseBots(
  { erasures, userShards, logger }: EraseBotsDeps,
  process: string,
): Promise<void> {
  for (;;) {
    const erasure = await erasures.lease(process, leaseMs)
    if (erasure === undefined) return
    const { id, bot, uid, platform } = erasure
    const onPage = (rows: number) => erasures.progress(id, process, rows, leaseMs)
    const results = await userShards.each(({ db }) => eraseUsers(db, { platform, scope: uid }, onPage), {
      concurrency: 1,
    })
    const failed = results.filter(result => result.status === 'failed')
    if (failed.length > 0) {
      const shards = failed.map(({ shard }) => shard)
      logger.warn({ bot, erasure: id, shards, err: failed[0]!.error }, 'data of a removed bot not erased yet')
      return
    }
    // Somebody else has it: they finish it.
    if (results.some(result => result.status === 'ok' && result.value === 'stopped')) continue
    await erasures.finish(id, process)
    logger.info({ bot, erasure: id }, 'data of a removed bot erased')
  }
}
