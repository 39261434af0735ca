import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partitionTag } from '@botyard/queue-contracts'
import { createLatch, until } from '@botyard/testkit'
import type { Mail } from '../../src/index.ts'
import { boxBase } from '../../src/redis/keys.ts'
import { numberOf, rig, update } from '../rig.ts'

const c = 'bot/conversation' as const

test('updates of a conversation run once each, in order, though two processes look for them', async t => {
  const { writer, worker, tokens, check } = await rig(t)
  const seen: number[] = []
  const done = createLatch()
  const handle = async (mail: Mail) => {
    seen.push(numberOf(mail))
    if (seen.length === 200) done.open()
    return { do: 'ack' } as const
  }
  await worker(handle, { quota: { updates: 3, ms: 60_000 } })
  await worker(handle, { quota: { updates: 3, ms: 60_000 } })

  for (let n = 1; n <= 200; n++) {
    await writer.deliver(update(c, n))
    if (n % 10 === 0) await tokens.add(0, 'inbox')
  }
  await done.wait()

  assert.deepEqual(
    seen,
    Array.from({ length: 200 }, (_, i) => i + 1),
  )
  await check()
})

test('a handler that takes too long is aborted, and one that ignores the abort loses its conversation', async t => {
  const { writer, worker } = await rig(t)
  const judged = createLatch<unknown>()
  const aborted = createLatch()
  const settled = createLatch<string>()
  await worker(
    async (_mail, signal) => {
      signal.addEventListener('abort', () => aborted.open())
      return new Promise(() => undefined)
    },
    {
      timeoutMsOf: () => 20,
      abortGraceMs: 20,
      judge: (_mail, error) => {
        judged.open(error)
        return { do: 'park', reason: 'late' }
      },
      onSettled: (_m, _d, status) => settled.open(status),
    },
  )

  await writer.deliver(update(c, 1))

  await aborted.wait()
  assert.equal(((await judged.wait()) as { code: string }).code, 'MBX_HANDLER_TIMEOUT')
  assert.equal(await settled.wait(), 'parked')
})

test('a conversation that comes back does not wait for ever for an older run that ignores its abort', async t => {
  const { writer, worker, redis, check } = await rig(t)
  let runs = 0
  const started = createLatch()
  const handled = createLatch()
  const { heartbeat, turns } = await worker(
    async () => {
      runs++
      if (runs === 2) handled.open()
      if (runs > 1) return { do: 'ack' }
      started.open()
      return new Promise(() => undefined)
    },
    { abortGraceMs: 20 },
  )
  await writer.deliver(update(c, 1))
  await started.wait()

  // As after a failover that lost the claim.
  const [[, hold]] = Object.entries(
    await redis.hgetall(`${boxBase(0, 'inbox')}:hold:${heartbeat.process}`),
  ) as [[string, string]]
  assert.equal(await redis.mailboxDropHolds(partitionTag(0), heartbeat.process, 'inbox', c, hold), 1)
  turns.look(0, 'inbox')
  await handled.wait()

  await until(async () => (await check()).inbox.size === 0)
})

test('a back-off ends in the process that set it: nobody else needs to come', async t => {
  const { writer, worker } = await rig(t)
  const tries: number[] = []
  const done = createLatch()
  await worker(
    async mail => {
      tries.push(mail.tries)
      if (mail.tries < 3) throw new Error('not yet')
      done.open()
      return { do: 'ack' }
    },
    { judge: () => ({ do: 'retry', afterMs: 20, counts: true }) },
  )

  await writer.deliver(update(c, 1))
  await done.wait()

  assert.deepEqual(tries, [0, 1, 2, 3])
})

test('a user who is over the limit is served later, without anybody asking', async t => {
  const { writer, worker } = await rig(t)
  const handled: number[] = []
  const done = createLatch()
  await worker(async mail => {
    handled.push(numberOf(mail))
    if (handled.length === 6) done.open()
    return { do: 'ack' }
  })

  const limited = { user: 'one', userLimit: { perSecond: 50, burst: 1 } }
  for (let n = 0; n < 6; n++) await writer.deliver(update(`bot/chat-${n}`, n, limited))
  await done.wait()

  assert.deepEqual(handled.toSorted(), [0, 1, 2, 3, 4, 5])
})

test('a process that is killed loses nothing: another one takes over and goes on in order', async t => {
  const { writer, worker, redis } = await rig(t)
  const started = createLatch()
  const { heartbeat } = await worker(
    async () => {
      started.open()
      return new Promise(() => undefined)
    },
    { ttlMs: 500 },
  )
  for (let n = 1; n <= 5; n++) await writer.deliver(update(c, n))
  await started.wait()
  const handled: [number, boolean][] = []
  const done = createLatch()
  await worker(
    async mail => {
      handled.push([numberOf(mail), mail.interrupted])
      if (handled.length === 5) done.open()
      return { do: 'ack' }
    },
    { sweep: true, ttlMs: 500 },
  )

  await heartbeat.close()
  assert.equal(await redis.exists(`{p0}:hb:${heartbeat.process}`), 0)
  await done.wait()

  assert.deepEqual(handled, [
    [1, true],
    [2, false],
    [3, false],
    [4, false],
    [5, false],
  ])
})

test('a shutdown aborts handlers that take too long, and what they hold is ready for others', async t => {
  const { writer, worker, check } = await rig(t)
  const started = createLatch()
  const errors: unknown[] = []
  const { close } = await worker(
    (_mail, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        started.open()
      }),
    {
      judge: (_mail, error) => {
        errors.push((error as { code: string }).code)
        return { do: 'release' }
      },
    },
  )
  await writer.deliver(update(c, 1))
  await started.wait()

  await close(1)

  assert.deepEqual(errors, ['MBX_SHUTDOWN'])
  assert.equal((await check()).inbox.get(c), 'run')
})

test('what a claim under way brings to a process that shuts down is handed back, not left for the takeover', async t => {
  const { writer, worker, check, redis } = await rig(t)
  const { close, client, turns } = await worker(async () => ({ do: 'ack' }))
  const turn = client.mailboxTurnBuffer.bind(client)
  const asked = createLatch()
  const answer = createLatch()
  t.mock.method(client, 'mailboxTurnBuffer', async (...args: Parameters<typeof turn>) => {
    const result = await turn(...args)
    asked.open()
    await answer.wait()
    return result
  })
  await writer.deliver(update(c, 1))
  turns.look(0, 'inbox')
  await asked.wait()

  const closed = close(60_000)
  // Its token workers are gone, which is the last thing that it waits for while it holds nothing.
  await until(async () => !/cmd=bzpopmin/.test(String(await redis.client('LIST'))))
  for (let n = 0; n < 20; n++) await redis.ping()
  answer.open()
  await closed

  assert.equal((await check()).inbox.get(c), 'run')
})
