import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { BoxName, ConversationKey } from '@botyard/queue-contracts'
import { until } from '@botyard/testkit'
import { steerBot, watchProgress } from '../../src/index.ts'
import { lookAtGroups } from '../../src/wake/look-at-groups.ts'
import { rig, update } from '../rig.ts'

const one: ConversationKey = 'bot/AAAAAAAAAAAAAAAAAAAAAA'
const two: ConversationKey = 'bot/BBBBBBBBBBBBBBBBBBBBBB'

test('a process that takes none of the mail that waits has stalled, until it takes it', async t => {
  const { writer, redis, worker, changes, watch, tokens } = await setUp(t)
  const { drain, turns } = await worker(async () => ({ do: 'ack' }))
  // Its first look needs no token: it follows the first answer, and is over with the second.
  await turns.answered()
  await turns.answered()
  // Tokens are no longer handed out: mail waits, and nobody comes for it.
  await redis.hset('{p0}:inbox:meta', 'paused', 1)
  const progress = watch({ inbox: drain, outbox: drain })
  await delay(0)

  await writer.deliver(update(one, 1))
  await until(() => progress.stalled)
  await redis.hdel('{p0}:inbox:meta', 'paused')
  await tokens.add(0, 'inbox')
  await until(() => !progress.stalled)

  assert.deepEqual(changes, ['inbox true', 'inbox false'])
})

test('mail that nobody could take is no sign: held, parked, of a capped or paused bot, due later', async t => {
  const { writer, redis, tokens, claim, settle, beat } = await setUp(t)
  const work = async () => (await lookAtGroups(redis, 0, 'inbox')).some(({ hasWork }) => hasWork)
  const steer = { redis, tokens, partitions: 1 }
  await beat('p')

  await writer.deliver(update(one, 1))
  assert.equal(await work(), true)
  const [held] = await claim('p')
  assert.equal(await work(), false, 'held')
  await writer.deliver(update(two, 1))
  await steerBot(steer, 'inbox', 'bot', { do: 'cap', most: 1 })
  assert.equal(await work(), false, 'capped')
  await settle('p', held!, { do: 'park', reason: 'X' })
  assert.equal(await work(), true, 'below its cap')
  await steerBot(steer, 'inbox', 'bot', { do: 'pause', untilMs: 0 })
  assert.equal(await work(), false, 'paused')
  await steerBot(steer, 'inbox', 'bot', { do: 'resume' })
  const [again] = await claim('p')
  await settle('p', again!, { do: 'retry', afterMs: 60_000, counts: false })
  assert.equal(await work(), false, 'parked and due later')

  await redis.zadd('{p0}:mb:inbox:delayed', 1, two)
  assert.equal(await work(), true, 'overdue')
})

test('a process without a free place, or that moves, has not stalled', async t => {
  const { writer, watch } = await setUp(t)
  await writer.deliver(update(one, 1))
  const idle = { moves: 0, hasPlaces: true }

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
      const onChange = (box: BoxName, stalled: boolean) => void changes.push(`${box} ${stalled}`)
      const progress = watchProgress({
        redis: all.redis,
        partitions: 1,
        drains,
        stalledAfterMs: 100,
        onChange,
      })
      t.after(() => progress.close())
      return progress
    },
  }
}
