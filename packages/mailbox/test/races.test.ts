import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { newEntry } from '../src/index.ts'
import { numberOf, rig, update } from './rig.ts'

const c = 'bot/conversation' as const

test('an update pushed as the drain ends is either returned by settle or reported as first', async t => {
  const { writer, beat, claim, settle, redis } = await rig(t)
  await beat('p1')
  for (let n = 0; n < 300; n++) {
    const name = `bot/race-${n}` as const
    await writer.deliver(update(name, 1))
    const { fence } = await claim('p1', name)
    const jobsBefore = await redis.llen('{q0}:inbox:wait')

    const [settled] = await Promise.all([settle('p1', name, fence, 0), writer.deliver(update(name, 2))])

    const woken = (await redis.llen('{q0}:inbox:wait')) > jobsBefore
    if (settled.status === 'held') assert.equal(settled.extra.length, 1)
    else assert.deepEqual([settled.status, woken], ['empty', true])
  }
})

test('a crash between deliver and wake is healed by the redelivery, which is a duplicate that wakes', async t => {
  const { writer, redis, worker } = await rig(t)
  await writer.deliver(update(c, 1))
  await redis.del('{q0}:inbox:wait') // The job that wake had not added yet.
  const handled = createLatch<number>()
  await worker(async mail => {
    handled.open(numberOf(mail))
    return { do: 'ack' }
  })

  const outcome = await writer.deliver(update(c, 1))

  assert.equal(outcome, 'duplicate')
  assert.equal(await handled.wait(), 1)
})

test('a crash between deliver and wake is healed by the sweeper', async t => {
  const { writer, redis, worker } = await rig(t)
  await writer.deliver(update(c, 1))
  await redis.del('{q0}:inbox:wait')
  const handled = createLatch<number>()

  await worker(
    async mail => {
      handled.open(numberOf(mail))
      return { do: 'ack' }
    },
    { sweep: true },
  )

  assert.equal(await handled.wait(), 1)
})

test('after a crash between handler and settle another process runs the update again and settles it once', async t => {
  const { writer, beat, die, claim, settle, mailbox } = await rig(t)
  await writer.deliver(update(c, 1))
  await beat('p1')
  await beat('p2')
  const first = await claim('p1', c)
  assert.equal((await claim('p2', c)).status, 'held')

  await die('p1')
  const second = await claim('p2', c)
  const zombie = await settle('p1', c, first.fence, 0)
  const settled = await settle('p2', c, second.fence, 0)

  assert.deepEqual([second.status, second.crashes, second.numbers], ['claimed', 1, [1]])
  assert.ok(BigInt(second.fence) > BigInt(first.fence))
  assert.equal(zombie.status, 'refused')
  assert.equal(settled.status, 'empty')
  assert.equal((await mailbox(c)).length, 0)
})

test("a fenced zombie's replies never reach the outbox", async t => {
  const { writer, beat, die, claim, settle, mailbox } = await rig(t)
  await writer.deliver(update(c, 1))
  await beat('p1')
  await beat('p2')
  const zombie = await claim('p1', c)
  await die('p1')
  const owner = await claim('p2', c)
  const said = (text: string) => [1, '-', 0, 1, replyOf(text)]

  await settle('p2', c, owner.fence, 0, 'ack', ...said('owner'))
  await settle('p1', c, zombie.fence, 0, 'ack', ...said('zombie'))

  const outbox = await mailbox(c, 'outbox')
  assert.deepEqual(
    outbox.map(entry => String(entry.subarray(28))),
    ['owner'],
  )
})

test('a process that kept its heartbeat but lost its fence is refused', async t => {
  const { writer, beat, claim, settle } = await rig(t)
  await writer.deliver(update(c, 1))
  await beat('p1')
  const old = await claim('p1', c)

  const again = await claim('p1', c) // Its answer was lost: not in memory, so it is granted anew.
  const refused = await settle('p1', c, old.fence, 0)

  assert.deepEqual([again.status, again.crashes], ['claimed', 0])
  assert.equal(refused.status, 'refused')
})

test('a settle that is sent twice pops once and appends its replies once', async t => {
  const { writer, beat, claim, settle, mailbox } = await rig(t)
  for (const n of [1, 2, 3]) await writer.deliver(update(c, n))
  await beat('p1')
  const { fence } = await claim('p1', c)
  const ack = () => settle('p1', c, fence, 0, 'ack', 1, '-', 16, 1, replyOf('reply'))

  const first = await ack()
  const replay = await ack()

  assert.deepEqual([first.status, replay.status], ['held', 'held'])
  assert.deepEqual(replay.extra, first.extra)
  assert.equal((await mailbox(c)).length, 2)
  assert.equal((await mailbox(c, 'outbox')).length, 1)
})

test('two settles of one conversation in one script, the first of which empties it: the second is refused', async t => {
  const { redis, writer, beat, claim, mailbox } = await rig(t)
  await beat('p1')
  await writer.deliver(update('bot/a', 1))
  const { fence } = await claim('p1', 'bot/a')

  const bytes = (await mailbox('bot/a'))[0]!.length
  const ack = `bot/a ${fence} 0 ${bytes} ack 1 - 16 1\n`
  const reply = replyOf('reply')
  const keys = ['{q0}:mb:inbox', '{q0}', '{q0}:mb:outbox'] as const
  const answers = await redis.mailboxSettleBuffer(...keys, 'p1', 1024, ack + ack, reply, reply)

  assert.deepEqual(
    answers.map(answer => answer !== 0 && String(answer[0])),
    ['empty', 'refused'],
  )
  assert.equal((await mailbox('bot/a', 'outbox')).length, 1)
  assert.equal(await redis.hget('{q0}:mb:inbox:count', 'bot'), '0')
  assert.equal(await redis.hget('{q0}:mb:inbox:bytes', 'bot'), '0')
})

test('many jobs that name one conversation run each of its updates once, in order', async t => {
  const { writer, queues, worker } = await rig(t)
  for (let n = 1; n <= 50; n++) await writer.deliver(update(c, n))
  for (let i = 0; i < 7; i++) await queues.wake(0, 'inbox', [c])
  const seen: number[] = []
  const done = createLatch()
  const handle = async (mail: Parameters<typeof numberOf>[0]) => {
    seen.push(numberOf(mail))
    if (seen.length === 50) done.open()
    return { do: 'ack' } as const
  }

  const [one, two] = await Promise.all([worker(handle), worker(handle)])
  await done.wait()
  await Promise.all([one.close(), two.close()])

  assert.deepEqual(
    seen,
    Array.from({ length: 50 }, (_, i) => i + 1),
  )
})

test('a job that is run again in the process that still holds its conversation is skipped', async t => {
  const { writer, worker } = await rig(t)
  const started = createLatch()
  const release = createLatch()
  const settled = createLatch()
  let runs = 0
  const { drain } = await worker(
    async () => {
      runs++
      started.open()
      await release.wait()
      return { do: 'ack' }
    },
    { onSettled: () => settled.open() },
  )
  await writer.deliver(update(c, 1))
  await started.wait()

  await drain.offer(0, [c])
  release.open()
  await settled.wait()

  assert.equal(runs, 1)
})

test('a wake or a sweep during a back-off runs nothing early', async t => {
  const { writer, beat, claim, settle, sweep } = await rig(t)
  await writer.deliver(update(c, 1))
  await beat('p1')
  const { fence } = await claim('p1', c)
  await settle('p1', c, fence, 0, 'retry', 60_000, 1, 0, 0)

  const woken = await claim('p1', c)

  assert.equal(woken.status, 'delayed')
  assert.deepEqual(await sweep(), [])
})

test('a wake or a sweep of a parked conversation runs nothing, and nothing overtakes its head', async t => {
  const { writer, beat, claim, settle, sweep, mailbox } = await rig(t)
  await writer.deliver(update(c, 1))
  await beat('p1')
  const { fence } = await claim('p1', c)
  await settle('p1', c, fence, 0, 'park', 'poison', '-', 0, 0)
  await writer.deliver(update(c, 2))

  assert.equal((await claim('p1', c)).status, 'parked')
  assert.deepEqual(await sweep(), [])
  assert.equal((await mailbox(c)).length, 2)
})

test('the sweeper leaves alone what a waiting job still names, and wakes what no job can name', async t => {
  const { writer, redis, sweep } = await rig(t)
  await writer.deliver(update(c, 1))
  const [acceptedAt] = (await redis.zrange('{q0}:mb:inbox:dirty', '0', '0', 'WITHSCORES')).slice(1).map(Number)

  assert.deepEqual(await sweep(acceptedAt), [])
  assert.deepEqual(await sweep(acceptedAt! + 1), [c])
})

test('fences grow although their counter was lost', async t => {
  const { writer, beat, claim, settle, redis } = await rig(t)
  await beat('p1')
  await writer.deliver(update(c, 1))
  const before = await claim('p1', c)
  await settle('p1', c, before.fence, 0)
  await redis.del('{q0}:fence')
  await writer.deliver(update(c, 2))

  const after = await claim('p1', c)

  assert.ok(BigInt(after.fence) > BigInt(before.fence))
})

/** A reply as a worker hands it over. */
function replyOf(text: string): Buffer {
  return newEntry(Buffer.alloc(16), Buffer.from(text))
}
