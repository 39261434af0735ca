import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { type ConversationKey, encodeBroadcastResult, encodeDeadLetter } from '@botyard/queue-contracts'
import { startRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { countKeyIds, createMailboxWriter, newEntry } from '../../src/index.ts'

/** Looks like an envelope: version, length of the id, the id, the rest. */
const sealed = (id: string) => Buffer.concat([Buffer.from([1, id.length]), Buffer.from(id), randomBytes(50)])
const keyIdOf = (envelope: Buffer) =>
  envelope[0] === 1 ? envelope.toString('latin1', 2, 2 + envelope[1]!) : undefined
const named = (n: number) => `shop/${String(n).padStart(22, 'c')}` as ConversationKey
const never = { deadline: Number.POSITIVE_INFINITY, keyIdOf }

test('every envelope of both boxes, of the remembered steps and of the dead letters is counted by its key', async t => {
  const redis = await open(t)
  const inbox = createMailboxWriter({ redis, partitions: 2 })
  const outbox = createMailboxWriter({ redis, partitions: 2, box: 'outbox' })
  t.after(() => Promise.all([inbox.close(), outbox.close()]))
  const deliver = (writer: typeof inbox, n: number, body: Buffer) =>
    writer.deliver({ conversation: named(n), update: randomBytes(16), body, windowMs: 60_000 })
  // One conversation of several pages, many of one entry.
  for (let i = 0; i < 300; i++) await deliver(inbox, 0, sealed(i < 200 ? 'k1' : 'key-2'))
  await Promise.all(Array.from({ length: 40 }, (_, n) => deliver(inbox, n + 1, sealed('key-2'))))
  await deliver(outbox, 1, sealed('k1'))
  await deliver(outbox, 2, Buffer.from('{"no":"envelope"}'))
  await redis.rpush(`{p1}:once:${named(1)}:hash`, sealed('k1'), sealed('k1'))
  await redis.rpush('{p0}:dead', letter(sealed('k1')), result())
  // Neither is one of ours.
  await redis.rpush('{p0}:inbox:wait', '1')
  await redis.rpush('other', sealed('k9'))

  const found = await countKeyIds(redis, never)

  assert.deepEqual(found, {
    complete: true,
    counts: {
      inbox: { k1: 200, 'key-2': 140 },
      outbox: { k1: 1, '': 1 },
      once: { k1: 2 },
      dead: { k1: 1 },
    },
  })
})

test('what stays in a mailbox is not missed while its head is worked off and its tail grows', async t => {
  const redis = await open(t)
  const list = `{p0}:mb:inbox:m:${named(0)}`
  const entry = (id: string) => newEntry(randomBytes(16), sealed(id))
  // From the middle on all is under the key that is asked for.
  for (let i = 0; i < 2_000; i++) await redis.rpush(list, entry(i < 1_000 ? 'k2' : 'k1'))
  let busy = true
  const other = redis.duplicate()
  t.after(() => other.disconnect())
  const moving = (async () => {
    for (let i = 0; busy && i < 900; i++) await other.multi().lpop(list).rpush(list, entry('k3')).exec()
  })()

  const { counts } = await countKeyIds(redis, never)
  busy = false
  await moving

  assert.ok(counts.inbox.k1! >= 1_000, `${counts.inbox.k1}`)
})

test('a look that runs out of time, or meets a record of a newer build, says that it is not complete', async t => {
  const redis = await open(t)
  await redis.rpush('{p0}:dead', Buffer.from([99, 0, 0, 0, 0]))

  assert.equal((await countKeyIds(redis, { ...never, deadline: performance.now() - 1 })).complete, false)
  assert.equal((await countKeyIds(redis, never)).complete, false)
})

async function open(t: TestContext): Promise<Redis> {
  const server = await startRedis()
  const redis = new Redis(server.url)
  t.after(async () => {
    redis.disconnect()
    await server.stop()
  })
  return redis
}

function letter(envelope: Buffer): Buffer {
  const note = {
    ...{ id: 'inbox/shop/c/h', bot: 'shop', conversation: named(1), box: 'inbox' as const, reason: 'WRK_X' },
    ...{ tries: 1, acceptedAtMs: 1, diedAtMs: 2 },
  }
  return encodeDeadLetter(note, envelope)
}

function result(): Buffer {
  return encodeBroadcastResult({
    kind: 'broadcast-result',
    bot: 'shop',
    broadcast: 'b',
    n: 1,
    outcome: 'sent',
    atMs: 1,
  })
}
