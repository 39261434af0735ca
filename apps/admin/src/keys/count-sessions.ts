import { keyIdOf } from '@botyard/service-kit'
import { primariesOf } from '@botyard/service-kit/redis-cluster'
import type { Redis } from 'ioredis'

/** Where bots' sessions lie: a string each, which is an envelope. */
const sessions = 'botyard:session:*'
const keysAScan = 1_000
/** As much of an envelope as can hold the id of its key. */
const headBytes = 2 + 32

/**
 * Counts sessions by the key that they lie under, by SCAN, where the workers keep them; not complete if
 * `deadline` (of `performance.now()`) came first.
 */
export async function countSessions(
  redis: Redis,
  deadline: number,
): Promise<{ counts: Readonly<Record<string, number>>; complete: boolean }> {
  const counts: Record<string, number> = {}
  // Each node of a cluster has its own part of the keys.
  const nodes = primariesOf(redis)
  let cursor = '0'
  do {
    if (performance.now() > deadline) return { counts, complete: false }
    const [next, keys] = await nodes[0]!.scan(cursor, 'MATCH', sessions, 'COUNT', keysAScan, 'TYPE', 'string')
    cursor = next
    if (cursor === '0') nodes.shift()
    for (const head of await Promise.all(keys.map(key => redis.getrangeBuffer(key, 0, headBytes - 1)))) {
      // Its time was over in between.
      if (head.length === 0) continue
      const id = keyIdOf(head) ?? ''
      counts[id] = (counts[id] ?? 0) + 1
    }
  } while (nodes.length > 0)
  return { counts, complete: true }
}
