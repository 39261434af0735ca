/**
 * How a committed change reaches the memory of every process: announced, acknowledged, and awaited under a
 * lease.
 */
export { announceBotChange, announceShardChange } from './announce-change.ts'
export { botBus } from './bot-bus.ts'
export { type BusFollower, followBus } from './follow-bus.ts'
export { membersBehind } from './notice-bus.ts'
export { shardBus } from './shard-bus.ts'
