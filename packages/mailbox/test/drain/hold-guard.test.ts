import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { createHoldGuard } from '../../src/index.ts'
import { startReplica, untilInStep } from '../replica.ts'
import { replyOf, rig, update } from '../rig.ts'

const c = 'bot/conversation' as const

test('a reply leaves only when a replica knows who sends it, one that another primary could forget does not', async t => {
  const { server, redis, worker, writer, check } = await rig(t)
  const replica = await startReplica(t, server, redis)
  const sent: string[] = []
  const [refused, done] = [createLatch(), createLatch()]
  const outbox = await worker(
    async mail => {
      sent.push(String(mail.body))
      if (sent.length === 3) done.open()
      return { do: 'ack' }
    },
    {
      ...{ box: 'outbox', replicas: 1 },
      judge(_, error) {
        assert.equal((error as { code?: string }).code, 'MBX_HOLD_UNCONFIRMED')
        refused.open()
        return { do: 'retry', afterMs: 10, counts: false }
      },
    },
  )

  replica.pause()
  outbox.addInbox(async () => ({ do: 'ack', replies: ['a', 'b', 'c'].map(replyOf) }))
  await writer.deliver(update(c, 1))
  await refused.wait()
  assert.deepEqual(sent, [])
  replica.resume()
  await done.wait()

  assert.deepEqual(sent, ['a', 'b', 'c'])
  await outbox.close()
  await check()
})

test('what a replica confirms a little later leaves then, and was never let go', async t => {
  const { replica, redis, confirm, connected } = await holdReply(t, { timeoutMs: 20, patienceMs: 60_000 })
  await connected()
  await redis.config('RESETSTAT')

  replica.pause()
  const confirmed = confirm()
  while (!/cmdstat_wait:calls=([3-9]|\d\d)/.test(await redis.info('commandstats'))) await redis.ping()
  replica.resume()

  await confirmed
})

test('a primary that does not know the hold confirms nothing', async t => {
  const { redis, hold, confirm, connected } = await holdReply(t)

  // Its connection is not there yet.
  await assert.rejects(confirm(), { code: 'MBX_HOLD_UNCONFIRMED' })
  await connected()
  const [fence, position, acceptedAtMs] = hold.split(':')
  const moved = `${fence}:${Number(position) + 1}:${acceptedAtMs}`
  await assert.rejects(confirm(moved), { code: 'MBX_HOLD_LOST' })
  await redis.hdel('{p0}:mb:outbox:hold:p1', c)
  await assert.rejects(confirm(), { code: 'MBX_HOLD_LOST' })
})

test('a question that Redis has forgotten the script of is asked again, and confirmed by replicas after that', async t => {
  const { replica, redis, confirm, connected } = await holdReply(t, { timeoutMs: 50, patienceMs: 200 })
  await connected()

  await redis.script('FLUSH')
  await confirm()
  await redis.script('FLUSH')
  await untilInStep(redis)
  replica.pause()
  await assert.rejects(confirm(), { code: 'MBX_HOLD_UNCONFIRMED' })
})

/** A process holds a reply on a primary with a replica; `confirm` asks the guard about that hold. */
async function holdReply(t: TestContext, times: { timeoutMs?: number; patienceMs?: number } = {}) {
  const { server, redis, beat, claim, writerTo } = await rig(t)
  const replica = await startReplica(t, server, redis)
  await beat('p1')
  await writerTo('outbox').deliver(update(c, 1))
  const [mine] = await claim('p1', { box: 'outbox' })
  const guard = createHoldGuard({ redis, process: 'p1', partitions: 1, replicas: 1, ...times })
  t.after(() => guard.close())
  const { hold } = mine!
  const confirm = (asked = hold) => guard.confirm({ conversation: c, partition: 0, hold: asked })
  const connected = async () => {
    while ((await confirm().catch(() => 'away')) === 'away') await redis.ping()
  }
  return { replica, redis, hold, confirm, connected }
}
