import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { ConversationKey } from '@botyard/queue-contracts'
import { watchProgress } from '../src/index.ts'
import { boxBase } from '../src/keys.ts'
import { rig, update } from './rig.ts'

const one: ConversationKey = 'bot/AAAAAAAAAAAAAAAAAAAAAA'
const two: ConversationKey = 'bot/BBBBBBBBBBBBBBBBBBBBBB'

test('a process that takes none of the mail that waits has stalled, until it takes it', async t => {
  const { writer, redis, worker, changes, watch, queues } = await setUp(t)
  const { drain } = await worker(async () => ({ do: 'ack' }))
  // Jobs are no longer handed out: mail waits, and nobody comes for it.
  await redis.hset('{q0}:inbox:meta', 'paused', 1)
  const progress = watch({ inbox: drain, outbox: drain })
  await delay(0)

  await writer.deliver(update(one, 1))
  await until(() => progress.stalled)
  await redis.hdel('{q0}:inbox:meta', 'paused')
  await queues.wake(0, 'inbox', [one])
  await until(() => !progress.stalled)

  assert.deepEqual(changes, ['inbox true', 'inbox false'])
})

test('mail that nobody could take is no sign: held, parked, in line, suspect, due later, or without a free place', async t => {
  const { writer, redis, claim, settle, watch, beat } = await setUp(t)
  const idle = { moves: 0, hasPlaces: true }
  const base = boxBase(0, 'inbox')
  const look = async () => (await redis.mailboxClaimable(base, '{q0}', 10)) === 1

  await writer.deliver(update(one, 1))
  assert.equal(await look(), true)
  await beat('p')
  const { fence } = await claim('p', one)
  assert.equal(await look(), false, 'held')
  await settle('p', one, fence, 0, 'park', 'X')
  assert.equal(await look(), false, 'parked')

  await writer.deliver(update(two, 1))
  await redis.zadd(`${base}:line:bot`, 1, two)
  await redis.sadd(`${base}:held:bot`, one)
  assert.equal(await look(), false, 'in line')
  await redis.del(`${base}:line:bot`)
  await redis.hset(`${base}:st:${two}`, 'c', 2)
  assert.equal(await look(), false, 'suspect')
  await redis.hdel(`${base}:st:${two}`, 'c')
  const again = await claim('p', two)
  await settle('p', two, again.fence, 0, 'retry', 60_000, 0)
  assert.equal(await look(), false, 'due later')

  await redis.zadd(`${base}:delayed`, 1, two)
  assert.equal(await look(), true, 'overdue')
  const full = watch({ inbox: { moves: 0, hasPlaces: false }, outbox: idle })
  const busy = watch({
    inbox: {
      get moves() {
        return performance.now()
      },
      hasPlaces: true,
    },
    outbox: idle,
  })
  const stuck = watch({ inbox: idle, outbox: idle })
  await until(() => stuck.stalled)
  assert.deepEqual([full.stalled, busy.stalled], [false, false])
})

async function setUp(t: Parameters<typeof rig>[0]) {
  const all = await rig(t)
  const changes: string[] = []
  return {
    ...all,
    changes,
    watch(drains: Parameters<typeof watchProgress>[0]['drains']) {
      const onChange = (box: string, stalled: boolean) => void changes.push(`${box} ${stalled}`)
      const progress = watchProgress({ redis: all.redis, shards: 1, drains, stalledAfterMs: 100, onChange })
      t.after(() => progress.close())
      return progress
    },
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(5)
}
