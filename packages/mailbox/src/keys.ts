import { type BoxName, shardTag } from '@botyard/queue-contracts'

/** The base of a queue shard's keys that both boxes share: heartbeats, fence, seen ids, user limits, dead letters. */
export function shardBase(shard: number): string {
  return shardTag(shard)
}

/** The base of one box's keys. Apart from BullMQ's own keys of the same shard, which begin with `<tag>:<queue>:`. */
export function boxBase(shard: number, box: BoxName): string {
  return `${shardTag(shard)}:mb:${box}`
}

/** The key that says a worker process is alive while it stands. */
export function heartbeatKey(shard: number, process: string): string {
  return `${shardTag(shard)}:hb:${process}`
}

/** The list of dead letters that wait for the mover. */
export function deadLettersKey(shard: number): string {
  return `${shardTag(shard)}:dead`
}
