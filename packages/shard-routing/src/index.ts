/**
 * The users' shards: which one a user's key lives on, and how to reach it through failovers and moves. This
 * entry is for processes that serve users; `/migrations` is for the scripts that prepare shards, `/moves` for
 * the admin app, which moves keys between them.
 */

export { RangeMovedError, ShardMapUnavailableError, ShardUnavailableError } from './errors.ts'
export { createShardDirectory } from './map/shard-directory.ts'
export { keySpaceEnd, rangesOf, type ShardMap, shardOf } from './map/shard-map.ts'
export { createShardMapStore } from './map/shard-map-store.ts'
export { createShardPool, type ShardPool } from './pool/shard-pool.ts'
export { createShardPoolMetrics } from './pool/shard-pool-metrics.ts'
export { type ShardPoolSettings, shardPoolSettings } from './pool/shard-pool-settings.ts'
export type { ShardDatabase } from './shard-schema.ts'
export { createShards, type Shards } from './shards.ts'
export { eraseUsers } from './stores/erase-users.ts'
export { createOnceResultStore, pruneOnceResults } from './stores/once-result-store.ts'
export { createStateStore, type StateChange } from './stores/state-store.ts'
export { type UserName, userKey } from './stores/user-key.ts'
export { createUserStore, type User } from './stores/user-store.ts'
export type { WriteId } from './stores/write-id.ts'
