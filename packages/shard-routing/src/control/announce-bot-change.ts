import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { botChannel, membersBehind } from './bot-bus.ts'

/** Whether every live directory has a change, or which ones had not when time was up. */
export type Announcement = { status: 'acknowledged' } | { status: 'unacknowledged'; members: string[] }

const FIRST_LOOK_MS = 2
const LONGEST_LOOK_MS = 50

/**
 * Tells all bot directories of a committed change and waits until each live one has applied it, at most `timeoutMs`.
 * Rejects when Redis is away: the change stands all the same, and polling brings it to everybody within a second.
 */
export async function announceBotChange(options: {
  redis: Redis
  change: number
  timeoutMs: number
}): Promise<Announcement> {
  const { redis, change, timeoutMs } = options
  const deadline = performance.now() + timeoutMs
  await redis.publish(botChannel, String(change))
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)) {
    const members = await membersBehind(redis, change)
    if (members.length === 0) return { status: 'acknowledged' }
    if (performance.now() + pauseMs > deadline) return { status: 'unacknowledged', members }
    await sleep(pauseMs)
  }
}
