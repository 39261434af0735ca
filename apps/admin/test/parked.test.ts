import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { migrateControl } from '@botyard/control-database'
import { createMailboxWriter, createTokens, startDrain, startHeartbeat, startTurns } from '@botyard/mailbox'
import {
  type BoxName,
  type ConversationKey,
  decodeBroadcastResult,
  decodeDeadLetter,
  encodeOutbound,
  outboundContext,
  partitionOf,
  partitionTag,
} from '@botyard/queue-contracts'
import { startPostgres, startRedis, type TestPostgres, type TestRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'
import { build, codeOf, keyring, openDatabase, openRedis, silent } from './helper.ts'

let postgres: TestPostgres
let server: TestRedis
before(async () => {
  ;[postgres, server] = await Promise.all([startPostgres(), startRedis()])
})
after(() => Promise.all([postgres.stop(), server.stop()]))

const partitions = 3
const held: ConversationKey = 'shop/AAAAAAAAAAAAAAAAAAAAAA'
const poisoned: ConversationKey = 'quiz/BBBBBBBBBBBBBBBBBBBBBB'

test('parked conversations of all partitions and boxes are listed, oldest first, of one bot or of all', async t => {
  const { call, deliver, work } = await setUp(t)
  await deliver('outbox', held, 'held')
  await deliver('inbox', poisoned, 'poison')
  await work('outbox', { parks: ['held'], reason: 'WRK_SEND_UNCERTAIN', until: 1 })
  await work('inbox', { parks: ['poison'], reason: 'WRK_HANDLER_FAILED', until: 1 })
  const list = async (query = '') => {
    const { parked } = (await call('GET', `/parked${query}`, undefined, 'viewer')).body as {
      parked: Parked[]
    }
    assert.ok(parked.every(({ parkedAt }) => Number.isFinite(Date.parse(parkedAt))))
    return parked.map(({ parkedAt, ...one }) => one)
  }

  const first = { conversation: held, box: 'outbox', reason: 'WRK_SEND_UNCERTAIN' }
  const second = { conversation: poisoned, box: 'inbox', reason: 'WRK_HANDLER_FAILED' }
  assert.deepEqual(await list(), [first, second])
  assert.deepEqual(await list('?limit=1'), [first])
  assert.deepEqual(await list('?bot=quiz'), [second])
  assert.deepEqual(await list('?bot=nobody'), [])
})

test('what is held and tried again goes on at once, in order, and who decided stands in the audit log', async t => {
  const { call, deliver, work } = await setUp(t)
  for (const body of ['held', 'after']) await deliver('outbox', held, body)
  await work('outbox', { parks: ['held'], reason: 'WRK_SEND_UNCERTAIN', until: 1 })

  const answer = await call(
    'POST',
    '/parked/unpark',
    { conversation: held, box: 'outbox', do: 'retry' },
    'operator',
  )
  const handled = await work('outbox', { until: 2 })

  assert.deepEqual([answer.status, answer.body], [200, { state: 'ready' }])
  assert.deepEqual(handled, ['held', 'after'])
  assert.deepEqual((await call('GET', '/parked')).body, { parked: [] })
  const { entries } = (await call('GET', '/audit-log')).body as { entries: Record<string, unknown>[] }
  assert.deepEqual(
    entries.map(({ at, ...entry }) => entry),
    [
      {
        ...{ actor: 'operator-alice', role: 'operator', action: 'conversation.retry', target: 'shop' },
        details: { conversation: held, box: 'outbox', reason: 'WRK_SEND_UNCERTAIN' },
      },
    ],
  )
})

test('what is skipped becomes a dead letter, and what is behind it goes on', async t => {
  const { call, deliver, work, records } = await setUp(t)
  for (const body of ['poison', 'after']) await deliver('inbox', poisoned, body)
  await work('inbox', { failsFirst: true, parks: ['poison'], reason: 'WRK_HANDLER_FAILED', until: 2 })
  const order = { conversation: poisoned, box: 'inbox', do: 'skip' }

  const answer = await call('POST', '/parked/unpark', order)
  const handled = await work('inbox', { until: 1 })

  assert.deepEqual(answer.body, { state: 'ready' })
  assert.deepEqual(handled, ['after'])
  const [letter, ...others] = (await records(poisoned)).map(decodeDeadLetter)
  assert.deepEqual(others, [])
  assert.equal(letter?.envelope.toString(), 'poison')
  assert.deepEqual(
    [letter?.note.bot, letter?.note.box, letter?.note.reason, letter?.note.conversation],
    ['quiz', 'inbox', 'WRK_HANDLER_FAILED', poisoned],
  )
  // Tried and failed, then parked in the second try, as ctx.attempt counted.
  assert.equal(letter?.note.tries, 2)
  const again = await call('POST', '/parked/unpark', order)
  assert.deepEqual([again.status, codeOf(again)], [409, 'ADM_NOT_PARKED'])
  assert.equal(((await call('GET', '/audit-log')).body as { entries: unknown[] }).entries.length, 1)
})

test("a broadcast's message that is skipped leaves its recipient a result", async t => {
  const { call, deliver, work, records } = await setUp(t)
  const message = { id: 'b.7', bot: 'shop', platform: 'telegram', conversation: '42', text: 'Sale' } as const
  const frame = encodeOutbound({ ...message, broadcast: { id: 'the-broadcast', n: 7 }, receivedAtMs: 0 })
  await deliver('outbox', held, hash => keyring.seal(frame, outboundContext(held, hash)))
  await work('outbox', { parks: 'all', reason: 'WRK_SEND_UNCERTAIN', until: 1 })

  const answer = await call('POST', '/parked/unpark', { conversation: held, box: 'outbox', do: 'skip' })

  assert.deepEqual(answer.body, { state: 'empty' })
  const [record, ...others] = await records(held)
  const { atMs, ...result } = decodeBroadcastResult(record!)!
  assert.deepEqual(others, [])
  assert.deepEqual(result, {
    ...{ kind: 'broadcast-result', bot: 'shop', broadcast: 'the-broadcast', n: 7 },
    ...{ outcome: 'uncertain', reason: 'WRK_SEND_UNCERTAIN' },
  })
})

test('a viewer only looks, and what does not fit is refused with its path', async t => {
  const { call } = await setUp(t)
  const order = { conversation: held, box: 'outbox', do: 'retry' }

  const refused = await call('POST', '/parked/unpark', order, 'viewer')

  assert.deepEqual([refused.status, codeOf(refused)], [403, 'ADM_ROLE_INSUFFICIENT'])
  const cases: [object, string][] = [
    [{ ...order, conversation: 'shop' }, '/conversation'],
    [{ ...order, conversation: 'shop/{p0}:mb:outbox' }, '/conversation'],
    [{ ...order, box: 'letterbox' }, '/box'],
    [{ ...order, do: 'forget' }, '/do'],
  ]
  for (const [body, path] of cases) {
    const answer = await call('POST', '/parked/unpark', body)
    const { error } = answer.body as { error: { code: string; path: string } }
    assert.deepEqual([answer.status, error.code, error.path], [400, 'ADM_INVALID_REQUEST', path])
  }
})

test('while Redis is away the answer says so, and no decision is put on record', async t => {
  const { db, call: callWithRedis } = await setUp(t)
  const { call } = await build(t, { db })

  const listed = await call('GET', '/parked')
  const decided = await call('POST', '/parked/unpark', { conversation: held, box: 'outbox', do: 'retry' })

  for (const answer of [listed, decided])
    assert.deepEqual([answer.status, codeOf(answer)], [503, 'ADM_QUEUES_UNAVAILABLE'])
  assert.deepEqual((await callWithRedis('GET', '/audit-log')).body, { entries: [] })
})

interface Parked {
  readonly conversation: string
  readonly box: string
  readonly reason: string
  readonly parkedAt: string
}

/**
 * The admin API beside a mailbox on a real, empty Redis; `work` is a worker's end that parks or acknowledges.
 */
async function setUp(t: TestContext) {
  const closers: (() => unknown)[] = []
  t.after(async () => {
    for (const close of closers.reverse()) await close()
  })
  const db = openDatabase(t, await postgres.createDatabase())
  await migrateControl(db, silent)
  const redis = openRedis(t, server.url)
  while (redis.status !== 'ready') await delay(2)
  await redis.flushall()
  const writers = { inbox: open('inbox'), outbox: open('outbox') }
  function open(box: BoxName) {
    const writer = createMailboxWriter({ redis, partitions, box })
    closers.push(() => writer.close())
    return writer
  }

  return {
    db,
    ...(await build(t, { db, redis, options: { partitions } })),
    /** Delivers a body, or what is made of the entry's hash. */
    deliver: (box: BoxName, conversation: ConversationKey, body: string | ((hash: Buffer) => Buffer)) => {
      const update = createHash('sha256').update(String(body)).digest().subarray(0, 16)
      const sealed = typeof body === 'string' ? Buffer.from(body) : body(update)
      return writers[box].deliver({ conversation, update, body: sealed, windowMs: 60_000 })
    },
    /** Works a box off until that many entries are settled; answers their bodies. */
    async work(
      box: BoxName,
      options: {
        failsFirst?: boolean
        parks?: readonly string[] | 'all'
        reason?: string
        until: number
      },
    ) {
      const { failsFirst = false, parks = [], reason = 'X', until } = options
      const client = new Redis(server.url, { maxRetriesPerRequest: null })
      const heartbeat = await startHeartbeat({ redis: client, partitions })
      const tokens = createTokens({ redis: client, partitions })
      const turns = startTurns({ redis: client, partitions, heartbeat, tokens })
      const handled: string[] = []
      const done = Promise.withResolvers<void>()
      const drain = startDrain({
        ...{ box, partitions, redis: client, tokens, turns, heartbeat, concurrency: 8 },
        timeoutMsOf: () => 10_000,
        handle: async mail => {
          const body = mail.body.toString()
          if (failsFirst && mail.tries === 0) return { do: 'retry', afterMs: 1, counts: true }
          return parks === 'all' || parks.includes(body) ? { do: 'park', reason } : { do: 'ack' }
        },
        judge: () => ({ do: 'release' }),
        onSettled: mail => {
          handled.push(mail.body.toString())
          if (handled.length === until) done.resolve()
        },
      })
      await done.promise
      await drain.close(1_000)
      await heartbeat.close()
      await tokens.close()
      client.disconnect()
      return handled
    },
    records: (conversation: ConversationKey) =>
      redis.lrangeBuffer(`${partitionTag(partitionOf(conversation, partitions))}:dead`, 0, -1),
  }
}
