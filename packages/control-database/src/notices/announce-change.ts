import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { botBus } from './bot-bus.ts'
import { membersBehind, type NoticeBus } from './notice-bus.ts'
import { shardBus } from './shard-bus.ts'

/** Whether every live directory has the change, or which ones had not when the time was up. */
export type Announcement = { status: 'acknowledged' } | { status: 'unacknowledged'; members: string[] }

/** The change to announce, and how long to wait until every process has it. */
export interface AnnounceOptions {
  readonly redis: Redis
  readonly change: number
  readonly timeoutMs: number
}

const firstLookMs = 2
const maxLookMs = 50

/**
 * Tells all bot directories of a committed change and waits until each live one has applied it, at most
 * `timeoutMs`. Rejects when Redis is away: the change stands all the same, and polling brings it to everybody
 * within a second.
 */
export function announceBotChange(options: AnnounceOptions): Promise<Announcement> {
  return announce(botBus, options)
}

/**
 * The same for a change of shards or of the shard map. Once acknowledged, no process routes by an older map:
 * processes that did not answer have no lease any more, and ask before they route. Given more than a lease (5
 * s), only a directory that lives but cannot reach the control database can be left.
 */
export function announceShardChange(options: AnnounceOptions): Promise<Announcement> {
  return announce(shardBus, options)
}

async function announce(
  bus: NoticeBus,
  { redis, change, timeoutMs }: AnnounceOptions,
): Promise<Announcement> {
  const deadline = performance.now() + timeoutMs
  await redis.publish(bus.channel, String(change))
  for (let pauseMs = firstLookMs; ; pauseMs = Math.min(pauseMs * 2, maxLookMs)) {
    const members = await membersBehind(redis, bus, change)
    if (members.length === 0) return { status: 'acknowledged' }
    if (performance.now() + pauseMs > deadline) return { status: 'unacknowledged', members }
    await sleep(pauseMs)
  }
}
