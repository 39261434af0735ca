import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type StandingOrders, steerBot } from '@botyard/mailbox'
import type { BotSettings, BoxName } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { createBotOrders } from '../../src/inbox/bot-orders.ts'
import { botOfSettings, rig } from '../helper.ts'

const of = (settings: BotSettings) => ({ settings, onMessage: () => undefined })
const blocksOf = (redis: Redis, box: BoxName) => redis.hgetall(`{p0}:mb:${box}:blocks`)

test('a cap that was removed while no worker ran is lifted, also that of a bot that is gone', async t => {
  const capped = { concurrency: 1 }
  const { redis, directory, start } = await rig(t, {
    removed: of(capped),
    gone: of(capped),
    stays: of(capped),
  })
  const first = await start()
  assert.equal(Object.keys(await blocksOf(redis, 'inbox')).length, 3)
  await first.close()
  directory.delete('gone')
  directory.set('removed', { ...directory.get('removed')!, settings: {}, version: 2 })

  await start()

  assert.deepEqual(await blocksOf(redis, 'inbox'), { 'cap stays': '1' })
})

test('a change of group that only the inbox was told is completed, whatever the settings say by then', async t => {
  const { redis, tokens, start } = await rig(t, {
    joined: of({ group: 'big' }),
    left: of({}),
    returned: of({ group: 'big' }),
    moved: of({ group: 'big' }),
  })
  const steering = { redis, partitions: 1, tokens }
  const tell = (box: BoxName, bot: string, group: string | undefined) =>
    steerBot(steering, box, bot, { do: 'group', group })
  for (const box of ['inbox', 'outbox'] as const) {
    for (const bot of ['left', 'returned']) await tell(box, bot, 'big')
    await tell(box, 'moved', 'small')
  }
  // The worker that told these died before it told the outbox.
  await tell('inbox', 'joined', 'big')
  await tell('inbox', 'left', undefined)
  await tell('inbox', 'returned', undefined)
  await tell('inbox', 'moved', 'big')

  await start()

  const expected = { 'group joined': 'big', 'group moved': 'big', 'group returned': 'big' }
  assert.deepEqual(await blocksOf(redis, 'inbox'), expected)
  assert.deepEqual(await blocksOf(redis, 'outbox'), expected)
})

test('an order that was refused midway is given again, though the setting was taken back meanwhile', async () => {
  const orders = followBots({ concurrency: 4, group: 'big' })
  orders.refuse(box => box === 'outbox')
  await assert.rejects(orders.tell())
  orders.refuse(() => false)
  orders.set({ concurrency: 4 })

  await orders.tell()
  const repaired = orders.given.splice(0)
  await orders.tell()

  assert.deepEqual(repaired, ['inbox group big', 'inbox group none', 'outbox group none', 'inbox cap 2'])
  assert.deepEqual(orders.given, [])
})

test('what one partition was told and another was not is told again', async () => {
  const orders = followBots({ concurrency: 4, group: 'big' })
  const right = { caps: new Map([['bot', 2]]), groups: new Map([['bot', 'big']]) }
  orders.stand([right, right])
  await orders.tell()
  assert.deepEqual(orders.given, [])

  orders.stand([right, { caps: new Map(), groups: new Map() }])
  orders.forget()
  await orders.tell()

  assert.deepEqual(orders.given, ['inbox group big', 'outbox group big', 'inbox cap 2'])
})

/** Orders about one bot in two partitions, and what was given. */
function followBots(settings: BotSettings) {
  let bot = botOfSettings('bot', '', settings)
  let standing: readonly StandingOrders[] = []
  let isRefused = (_: BoxName) => false
  const given: string[] = []
  const orders = createBotOrders({
    bots: { all: () => [bot].values() },
    partitions: 2,
    async give(box, _, order) {
      if (isRefused(box)) throw new Error('refused')
      if (order.do === 'group') given.push(`${box} group ${order.group ?? 'none'}`)
      if (order.do === 'cap') given.push(`${box} cap ${order.most}`)
    },
    standing: async () => standing,
  })
  return {
    ...orders,
    given,
    set(next: BotSettings) {
      bot = { ...bot, settings: next }
    },
    stand(next: readonly StandingOrders[]) {
      standing = next
    },
    refuse(next: (box: BoxName) => boolean) {
      isRefused = next
    },
  }
}
