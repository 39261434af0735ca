/**
 * The user shards as rows: their servers and timelines. Which shard has which keys is for `shard-routing` to
 * know.
 */
export { registerShards } from './register-shards.ts'
export { createShardStore, nextShardChange, type Shard, type ShardStore } from './shard-store.ts'
export type { TimelineMemory } from './timeline-memory.ts'
export { createTimelineStore } from './timeline-store.ts'
