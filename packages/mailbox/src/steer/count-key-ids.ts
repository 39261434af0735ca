import { decodeBroadcastResult, decodeDeadLetter, UnreadablePayloadError } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { primariesOf } from '../redis/partition-redis.ts'
import { withMailboxScripts } from '../redis/scripts.ts'

/** How many envelopes lie under which key in Redis, by place and key id; '' for what is no envelope. */
export interface QueueKeyCounts {
  readonly counts: Readonly<Record<Place, Readonly<Record<string, number>>>>
  /** False when time was up first: what was not looked at may hold any key. */
  readonly complete: boolean
}

type Place = 'inbox' | 'outbox' | 'dead' | 'once'

/**
 * Lists of envelopes, by their keys, and what stands before an envelope there; the layouts are in
 * `lua/common.lua`.
 */
const lists: readonly { place: Place; key: RegExp; skip: number }[] = [
  { place: 'inbox', key: /^\{p\d+\}:mb:inbox:m:/, skip: 28 },
  { place: 'outbox', key: /^\{p\d+\}:mb:outbox:m:/, skip: 28 },
  { place: 'once', key: /^\{p\d+\}:once:/, skip: 0 },
]
const deadKey = /^\{p\d+\}:dead$/

const KeysAScan = 1_000
/** Entries that one script looks at: a fraction of a millisecond, for which Redis does nothing else. */
const Page = 128

/**
 * Looks at every mailbox, at the dead letters that wait for the mover and at the remembered steps, by SCAN:
 * nothing is held up, and the look ends at `deadline` (of `performance.now()`). `keyIdOf` reads an envelope's
 * key id.
 *
 * What is there all the while is counted, perhaps twice, never missed: a list is read from its tail, where it
 * grows, to its head, where it shrinks; the dead letters are read last, because mail goes there.
 */
export async function countKeyIds(
  redis: Redis,
  { deadline, keyIdOf }: { deadline: number; keyIdOf: (envelope: Buffer) => string | undefined },
): Promise<QueueKeyCounts> {
  const client = withMailboxScripts(redis)
  const counts: Record<Place, Record<string, number>> = { inbox: {}, outbox: {}, dead: {}, once: {} }
  const add = (place: Place, id: string, count: number) => {
    counts[place][id] = (counts[place][id] ?? 0) + count
  }
  const dead = new Set<string>()
  let complete = true

  async function countList(key: string, place: Place, skip: number): Promise<void> {
    for (let last = -1; ; last -= Page) {
      if (performance.now() > deadline) {
        complete = false
        return
      }
      const [length, ...pairs] = await client.mailboxKeyIds(key, last - Page + 1, last, skip)
      for (let i = 0; i < pairs.length; i += 2) add(place, String(pairs[i]), Number(pairs[i + 1]))
      if (length <= Page - 1 - last) return
    }
  }

  async function countDead(key: string): Promise<void> {
    for (let last = -1; ; last -= Page) {
      if (performance.now() > deadline) {
        complete = false
        return
      }
      const page = await redis.lrangeBuffer(key, last - Page + 1, last)
      for (const record of page) {
        const envelope = envelopeOf(record)
        // Of a newer build: nobody here can tell.
        if (envelope === 'unknown') complete = false
        else if (envelope !== undefined) add('dead', keyIdOf(envelope) ?? '', 1)
      }
      if (page.length < Page) return
    }
  }

  const nodes = primariesOf(redis)
  let cursor = '0'
  do {
    if (performance.now() > deadline) return { counts, complete: false }
    const [next, keys] = await nodes[0]!.scan(cursor, 'MATCH', '{p*', 'COUNT', KeysAScan, 'TYPE', 'list')
    cursor = next
    // Each node of a cluster has its own part of the keys.
    if (cursor === '0') nodes.shift()
    await Promise.all(
      keys.map(async key => {
        if (deadKey.test(key)) dead.add(key)
        const list = lists.find(list => list.key.test(key))
        if (list) await countList(key, list.place, list.skip)
      }),
    )
  } while (nodes.length > 0)
  for (const key of dead) await countDead(key)
  return { counts, complete }
}

/** Undefined for a broadcast's result, which holds nothing sealed. */
function envelopeOf(record: Buffer): Buffer | 'unknown' | undefined {
  try {
    return decodeBroadcastResult(record) ? undefined : decodeDeadLetter(record).envelope
  } catch (error) {
    if (error instanceof UnreadablePayloadError) return 'unknown'
    throw error
  }
}
