import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch, until } from '@botyard/testkit'
import type { Mail } from '../../src/index.ts'
import { numberOf, replyOf, rig, update } from '../rig.ts'

const c = 'bot/conversation' as const
const holdOf = (process: string) => `{p0}:mb:inbox:hold:${process}`

test('what Redis says a process holds and it does not have is released: its head may have got anywhere', async t => {
  const { writer, worker, redis, check } = await rig(t)
  const handled = createLatch<Mail>()
  const { turns, heartbeat } = await worker(async mail => {
    handled.open(mail)
    return { do: 'ack' }
  })
  // As after a failover that lost the settle of what this process held.
  await redis.hset('{p0}:mb:inbox:blocks', 'paused bot', 0)
  await writer.deliver(update(c, 1))
  await redis.del('{p0}:mb:inbox:run:bot')
  await redis.hset(holdOf(heartbeat.process), c, '77:0:1')
  await redis.hdel('{p0}:mb:inbox:blocks', 'paused bot')
  await check()

  await turns.reconcile()

  const mail = await handled.wait()
  assert.equal(mail.interrupted, true)
  await until(async () => (await redis.hlen(holdOf(heartbeat.process))) === 0)
  await check()
})

test('what a process holds and Redis does not know is aborted, and whoever has it then goes on', async t => {
  const { writer, worker, redis, beat, settle, check } = await rig(t)
  const started = createLatch()
  const aborted = createLatch<unknown>()
  const settled = createLatch<string>()
  const { turns, heartbeat, drain } = await worker(
    (_mail, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        started.open()
      }),
    {
      judge: (_mail, error) => {
        aborted.open(error)
        return { do: 'release' }
      },
      onSettled: (_mail, _disposition, status) => settled.open(status),
    },
  )
  await writer.deliver(update(c, 1))
  await started.wait()
  await turns.reconcile()
  assert.equal(aborted.isOpen, false)

  await beat('p2')
  await redis.multi().hdel(holdOf(heartbeat.process), c).hset(holdOf('p2'), c, '999:0:1').exec()
  await turns.reconcile()

  assert.equal(((await aborted.wait()) as { code: string }).code, 'MBX_HOLD_LOST')
  assert.equal(await settled.wait(), 'refused')
  await until(() => drain.holding === 0)
  assert.equal((await settle('p2', { conversation: c, hold: '999:0:1' })).status, 'empty')
  await check()
})

test('while much is under way a look for differences finds none', async t => {
  const { writer, worker, redis } = await rig(t)
  let handled = 0
  const done = createLatch()
  const sender = await worker(
    async () => {
      if (++handled === 2_000) done.open()
      return { do: 'ack' }
    },
    { box: 'outbox', concurrency: 10 },
  )
  const lost: unknown[] = []
  sender.addInbox(async mail => ({ do: 'ack', replies: [replyOf(`${numberOf(mail)}`), replyOf('b')] }), {
    concurrency: 10,
    judge: (_mail, error) => {
      lost.push(error)
      return { do: 'release' }
    },
  })
  let looks = 0
  const looking = (async () => {
    for (; !done.isOpen; looks++) await sender.turns.reconcile()
  })()

  await Promise.all(Array.from({ length: 1_000 }, (_, n) => writer.deliver(update(`bot/chat-${n % 50}`, n))))
  await done.wait()
  await looking

  assert.deepEqual(lost, [])
  assert.equal(handled, 2_000)
  assert.ok(looks > 10)
  assert.equal(await redis.exists('{p0}:mb:inbox:trouble'), 0)
})
