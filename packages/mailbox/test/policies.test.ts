import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { newEntry, readBacklog, readParked, unpark } from '../src/index.ts'
import { numberOf, rig, update } from './rig.ts'

const c = 'bot/conversation' as const

test('a redelivered update is a duplicate, also after it was settled', async t => {
  const { writer, beat, claim, settle } = await rig(t)
  await beat('p1')

  assert.equal(await writer.deliver(update(c, 1)), 'accepted')
  assert.equal(await writer.deliver(update(c, 1)), 'duplicate')
  const { fence } = await claim('p1', c)
  await settle('p1', c, fence, 0)

  assert.equal(await writer.deliver(update(c, 1)), 'duplicate')
})

test('ids are remembered for the whole window and at most twice as long, however many there are', async t => {
  const { writer, redis } = await rig(t)
  const many = Array.from({ length: 5_000 }, (_, n) => update(`bot/chat-${n % 50}`, n, { windowMs: 60_000 }))

  await Promise.all(many.map(one => writer.deliver(one)))
  const again = await Promise.all(many.map(one => writer.deliver(one)))

  assert.ok(again.every(outcome => outcome === 'duplicate'))
  const buckets = (await redis.keys('*seen:bot*')).filter(key => key !== '{q0}:seen:bot')
  const left = await Promise.all(buckets.map(key => redis.pttl(key)))
  assert.ok(left.every(ms => ms > 60_000 && ms <= 120_000))
})

test('seen ids of a busy bot cost at most 16 bytes each', async t => {
  const { writer, redis } = await rig(t)
  const total = 60_000
  for (let from = 0; from < total; from += 5_000) {
    await Promise.all(Array.from({ length: 5_000 }, (_, i) => writer.deliver(update('bot/one', from + i))))
  }

  const keys = await redis.keys('*seen:bot*')
  const bytes = await Promise.all(keys.map(key => redis.memory('USAGE', key)))

  const perId = bytes.reduce<number>((sum, n) => sum + (n ?? 0), 0) / total
  t.diagnostic(`${perId.toFixed(1)} bytes an id`)
  assert.ok(perId <= 16, `${perId} bytes an id`)
})

test("a user's excess is accepted and made due later, and does not touch other users", async t => {
  const { writer, beat, claim } = await rig(t)
  await beat('p1')
  const limited = { user: 'flood', userLimit: { perSecond: 0.001, burst: 2 } }

  assert.equal(await writer.deliver(update('bot/a', 1, limited)), 'accepted')
  assert.equal(await writer.deliver(update('bot/b', 1, limited)), 'accepted')
  assert.equal(await writer.deliver(update('bot/c', 1, limited)), 'delayed')
  assert.equal(await writer.deliver(update('bot/d', 1, { ...limited, user: 'calm' })), 'accepted')

  assert.equal((await claim('p1', 'bot/c')).status, 'delayed')
  assert.equal((await claim('p1', 'bot/d')).status, 'claimed')
})

test("users pay their debt off: who has is forgotten, and the bot's debts do not outlive the last of them for long", async t => {
  const { writer, redis } = await rig(t)
  const slow = { userLimit: { perSecond: 0.001, burst: 2 } }
  const fast = { userLimit: { perSecond: 1_000_000, burst: 2 } }

  await Promise.all([1, 2, 3].map(n => writer.deliver(update(`bot/chat-${n}`, n, { ...slow, user: `slow-${n % 2}` }))))
  await writer.deliver(update('bot/a', 4, { ...fast, user: 'fast' }))
  const millisecond = async () => Math.floor(Number((await redis.time())[1]) / 1000)
  for (const now = await millisecond(); now === (await millisecond()); );
  await writer.deliver(update('bot/a', 5, { ...slow, user: 'slow-2' }))

  const debts = await redis.zrange('{q0}:debts:bot', '0', '-1', 'WITHSCORES')
  const thousandSeconds = Object.fromEntries(
    debts.flatMap((user, i) => (i % 2 ? [] : [[user, Math.round((Number(debts[i + 1]) / 1000 - Date.now()) / 1e6)]])),
  )
  assert.deepEqual(thousandSeconds, { 'slow-0': 1, 'slow-1': 2, 'slow-2': 1 })
  const left = await redis.pttl('{q0}:debts:bot')
  assert.ok(left > 1_990_000 && left <= 2_011_000, `${left} ms`)
})

test("an entry keeps its sender's time unless that is not Redis's within a second", async t => {
  const { redis, writer, mailbox, base } = await rig(t)
  const before = Date.now()
  await writer.deliver(update('bot/a', 1))
  t.mock.method(Date, 'now', () => before - 60_000)
  await writer.deliver(update('bot/a', 2))
  t.mock.reset()
  const bot = ['1', 'bot', '86400000', '0', '0', '0', '0']
  await redis.mailboxDeliver(...base('bot/a'), ...bot, 'bot/a', '', '3', sentAt(before - 500))

  const times = (await mailbox('bot/a')).map(entry => entry.readUIntBE(0, 6))
  assert.ok(times[0]! >= before && times[1]! >= before, `${times} are from ${before} on`)
  assert.equal(times[2], before - 500)
})

test('a bot beyond its backlog is refused, the others and its duplicates are not', async t => {
  const { writer } = await rig(t)
  const small = { maxBacklog: { updates: 2 } }
  await writer.deliver(update('bot/a', 1, small))
  await writer.deliver(update('bot/a', 2, small))

  assert.equal(await writer.deliver(update('bot/a', 3, small)), 'backlog-full')
  assert.equal(await writer.deliver(update('bot/a', 2, small)), 'duplicate')
  assert.equal(await writer.deliver(update('other/a', 1, small)), 'accepted')
})

test('a refused update was not remembered: it is accepted when there is room again', async t => {
  const { writer, beat, claim, settle } = await rig(t)
  const small = { maxBacklog: { updates: 1 } }
  await beat('p1')
  await writer.deliver(update(c, 1, small))
  assert.equal(await writer.deliver(update(c, 2, small)), 'backlog-full')
  const { fence } = await claim('p1', c)
  await settle('p1', c, fence, 0)

  assert.equal(await writer.deliver(update(c, 2, small)), 'accepted')
})

test('tries are counted when a handler fails, not when a process dies, and progress clears both', async t => {
  const { writer, beat, die, claim, settle } = await rig(t)
  await writer.deliver(update(c, 1))
  await writer.deliver(update(c, 2))
  await beat('p1')
  const first = await claim('p1', c)
  await settle('p1', c, first.fence, 0, 'retry', 0, 1, 0, 0)
  const second = await claim('p1', c)
  await die('p1')
  await beat('p2')
  const third = await claim('p2', c)
  const next = await settle('p2', c, third.fence, 0)
  await settle('p2', c, third.fence, 1, 'release', '-', '-', 0, 0)
  const fourth = await claim('p2', c)

  assert.deepEqual([second.tries, second.crashes], [1, 0])
  assert.deepEqual([third.tries, third.crashes], [1, 1])
  assert.equal(next.status, 'held')
  assert.deepEqual([fourth.tries, fourth.crashes], [0, 0])
})

test('after two crashes a conversation is claimed alone, and only crashes alone count against it', async t => {
  const { writer, beat, die, claim } = await rig(t)
  await writer.deliver(update(c, 1))
  for (const process of ['p1', 'p2']) {
    await beat(process)
    await claim(process, c)
    await die(process)
  }
  await beat('p3')

  const refused = await claim('p3', c, { suspect: false })
  const alone = await claim('p3', c)
  await die('p3')
  await beat('p4')
  const after = await claim('p4', c)

  assert.equal(refused.status, 'suspect')
  assert.deepEqual([alone.status, alone.crashes, alone.alone], ['claimed', 2, 0])
  assert.deepEqual([after.crashes, after.alone], [3, 1])
})

test('a parked conversation waits for an operator, who retries or skips its head, in order', async t => {
  const { writer, redis, worker, queues } = await rig(t)
  const parked = createLatch()
  const done = createLatch()
  const handled: number[] = []
  let poison = true
  await worker(
    async mail => {
      if (numberOf(mail) === 1 && poison) throw new Error('poison')
      handled.push(numberOf(mail))
      if (handled.length === 2) done.open()
      return { do: 'ack' }
    },
    { judge: () => ({ do: 'park', reason: 'X' }), onSettled: (_m, _v, status) => status === 'parked' && parked.open() },
  )
  await writer.deliver(update(c, 1))
  await writer.deliver(update(c, 2))
  await parked.wait()
  const head = await readParked(redis, 1, 'inbox', c)
  assert.equal(head?.reason, 'X')
  assert.equal((await readBacklog(redis, 1)).inbox.parked, 1)
  poison = false

  const answer = await unpark(redis, 1, 'inbox', head!, { do: 'retry' })
  await queues.wake(0, 'inbox', [c])
  await done.wait()

  assert.equal(answer, 'ready')
  assert.deepEqual(handled, [1, 2])
})

test('skipping a parked head moves it to the dead letters', async t => {
  const { writer, beat, claim, settle, redis, mailbox } = await rig(t)
  await beat('p1')
  await writer.deliver(update(c, 1))
  const { fence } = await claim('p1', c)
  await settle('p1', c, fence, 0, 'park', 'X', '-', 0, 0)
  const head = await readParked(redis, 1, 'inbox', c)

  const answer = await unpark(redis, 1, 'inbox', head!, { do: 'skip', letter: Buffer.from('letter') })

  assert.equal(answer, 'empty')
  assert.deepEqual(await redis.lrange('{q0}:dead', 0, -1), ['letter'])
  assert.equal((await mailbox(c)).length, 0)
  assert.equal(await unpark(redis, 1, 'inbox', head!, { do: 'retry' }), 'not-parked')
})

test("a bot's concurrency is capped over all workers, and the next in line runs when a place is free", async t => {
  const { writer, worker } = await rig(t)
  let running = 0
  let most = 0
  let handled = 0
  const done = createLatch()
  const handle = async () => {
    running++
    most = Math.max(most, running)
    await new Promise(resolve => setImmediate(resolve))
    running--
    handled++
    if (handled === 60) done.open()
    return { do: 'ack' } as const
  }
  await worker(handle, { capOf: () => 3 })
  await worker(handle, { capOf: () => 3 })

  await Promise.all(Array.from({ length: 60 }, (_, n) => writer.deliver(update(`bot/chat-${n}`, 1))))
  await done.wait()

  assert.equal(most, 3)
})

test('a job of more conversations than a process has places for fills it and leaves the rest to the others', async t => {
  const { writer, worker, queues } = await rig(t)
  const names = Array.from({ length: 12 }, (_, n) => `bot/chat-${n}` as const)
  const all = createLatch()
  let running = 0
  const handle = async () => {
    if (++running === names.length) all.open()
    await all.wait()
    return { do: 'ack' } as const
  }

  await Promise.all(names.map(name => writer.deliver(update(name, 1))))
  for (let n = 0; n < 3; n++) await worker(handle, { places: 4 })
  await all.wait()

  assert.equal(running, 12)
  assert.equal(await queues.waitingJobs(0, 'inbox'), 0)
})

test('a process that is full fetches no more: what it has no place for lies in the queue', async t => {
  const { redis, writer, worker, queues } = await rig(t)
  const names = Array.from({ length: 6 }, (_, n) => `bot/chat-${n}` as const)
  const go = createLatch()
  const all = createLatch()
  let handled = 0
  const handle = async () => {
    await go.wait()
    if (++handled === names.length) all.open()
    return { do: 'ack' } as const
  }

  await Promise.all(names.map(name => writer.deliver(update(name, 1))))
  await worker(handle, { places: 2 })
  // The eight jobs that it works on at once have all handed the rest on, and last until it has a place.
  while ((await redis.llen('{q0}:inbox:active')) < 8 || (await queues.waitingJobs(0, 'inbox')) < 1);

  go.open()
  await all.wait()
})

test('a long conversation is released after its quota, so that others get a turn', async t => {
  const { writer, worker } = await rig(t)
  const order: string[] = []
  const done = createLatch()
  for (let n = 1; n <= 6; n++) for (const name of ['a', 'b']) await writer.deliver(update(`bot/${name}`, n))

  await worker(
    async mail => {
      order.push(mail.conversation.slice(4))
      if (order.length === 12) done.open()
      return { do: 'ack' }
    },
    { places: 1, quota: { updates: 2, ms: 60_000 } },
  )
  await done.wait()

  assert.equal(order.join(''), 'aabbaabbaabb')
})

test('closing hands back what is not done: another worker goes on, nothing is lost or run twice', async t => {
  const { writer, worker } = await rig(t)
  const started = createLatch()
  const release = createLatch()
  const done = createLatch()
  const handled: number[] = []
  const handle = async (mail: Parameters<typeof numberOf>[0]) => {
    started.open()
    await release.wait()
    handled.push(numberOf(mail))
    if (handled.length === 20) done.open()
    return { do: 'ack' } as const
  }
  const first = await worker(handle)
  for (let n = 1; n <= 20; n++) await writer.deliver(update(c, n))
  await started.wait()
  const closed = first.close()
  await worker(handle)
  release.open()
  await closed
  await done.wait()

  assert.deepEqual(
    handled,
    Array.from({ length: 20 }, (_, i) => i + 1),
  )
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
      onSettled: (_m, _v, status) => settled.open(status),
    },
  )

  await writer.deliver(update(c, 1))

  await aborted.wait()
  assert.equal(((await judged.wait()) as { code: string }).code, 'MBX_HANDLER_TIMEOUT')
  assert.equal(await settled.wait(), 'parked')
})

test('while Redis refuses, nothing is promised; afterwards everything goes on by itself', async t => {
  const { writer, redis } = await rig(t)
  await redis.config('SET', 'maxmemory', '1')

  await assert.rejects(writer.deliver(update(c, 1)), { code: 'MBX_UNAVAILABLE' })
  await redis.config('SET', 'maxmemory', '0')

  assert.equal(await writer.deliver(update(c, 1)), 'accepted')
})

/** An entry as a gateway sends it. */
function sentAt(ms: number): Buffer {
  const entry = newEntry(Buffer.alloc(16, 3), Buffer.from('3'))
  entry.writeUIntBE(ms, 0, 6)
  return entry
}
