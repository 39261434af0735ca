import type { ErasureStore } from '@botyard/control-database'
import { eraseUsers, type Shards } from '@botyard/shard-routing'
import type { Logger } from 'pino'

/** What erasing needs. */
export interface EraseBotsDeps {
  readonly erasures: ErasureStore
  readonly userShards: Pick<Shards, 'each' | 'map'>
  /** The processes that have not applied a change of bots yet, by name. */
  readonly behind: (change: number) => Promise<readonly string[]>
  readonly logger: Logger
}

const leaseMs = 60_000

/**
 * Carries out the erasures that removed bots left, one after the other; ends when none waits. What cannot be
 * ended yet is taken up again by another look when its lease has ended: a shard was away, users were moved
 * meanwhile, or a worker that cannot ask the control database still runs the bot.
 */
export async function eraseBots(
  { erasures, userShards, behind, logger }: EraseBotsDeps,
  process: string,
): Promise<void> {
  for (;;) {
    const erasure = await erasures.lease(process, leaseMs)
    if (erasure === undefined) return
    const { id, bot, uid, platform, change } = erasure
    const members = await behind(change)
    if (members.length > 0) {
      logger.warn({ bot, erasure: id, members }, 'data of a removed bot not erased yet: it may still run')
      return
    }
    // Before the first shard is looked at.
    const mapVersion = userShards.map.version
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
    const shards = results.map(({ shard }) => shard)
    if (!(await erasures.finish(id, process, { mapVersion, shards }))) {
      logger.warn({ bot, erasure: id, shards }, 'data of a removed bot looked for again: users were moved')
      return
    }
    logger.info({ bot, erasure: id }, 'data of a removed bot erased')
  }
}
