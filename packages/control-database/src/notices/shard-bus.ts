import { busPrefix } from '@botyard/queue-contracts'
import type { NoticeBus } from './notice-bus.ts'

/** How shard directories hear of changed shards and maps. */
export const shardBus: NoticeBus = {
  channel: `${busPrefix}:shards`,
  membersKey: `${busPrefix}:shard-directory:members`,
  appliedPrefix: `${busPrefix}:shard-directory:applied:`,
}
