import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BotParts } from '@botyard/bot-kit'
import { Registry } from 'prom-client'
import { createReplyLoops } from '../../src/inbox/reply-loops.ts'
import { createMetrics } from '../../src/metrics.ts'
import { rig, until } from '../helper.ts'
import { placeOf } from '../place-of.ts'

const echo: BotParts = { onMessage: ctx => ctx.reply(ctx.text), onUpdate: ctx => ctx.reply(ctx.text) }
const bot = { fromBot: true } as const

test('a conversation in which bots answer each other is parked, and the update that is one too many is not answered', async t => {
  const registry = new Registry()
  const { start, deliver, api, parked, redis, conversation } = await rig(t, {
    bot: { ...echo, settings: { loopLimit: 3 } },
  })
  await start({ metrics: createMetrics(registry) })

  for (const text of ['1', '2', '3', '4', '5']) await deliver(7, text, bot)
  await until(() => parked('inbox', 7))
  await until(() => api.textsOf(7).length === 3)

  assert.deepEqual(api.textsOf(7), ['1', '2', '3'])
  assert.equal((await placeOf(redis, 'inbox', conversation(7))).reason, 'WRK_REPLY_LOOP')
  assert.match(await registry.metrics(), /botyard_reply_loops_total{platform="telegram"} 1/)
})

test("a person's update in between starts the count anew, and other conversations go on", async t => {
  const { start, deliver, api, parked } = await rig(t, { bot: { ...echo, settings: { loopLimit: 2 } } })
  await start()

  for (const text of ['1', '2']) await deliver(7, text, bot)
  await deliver(7, 'person')
  for (const text of ['3', '4']) await deliver(7, text, bot)
  for (const text of ['1', '2', '3']) await deliver(8, text, bot)
  await until(() => parked('inbox', 8))
  await until(() => api.textsOf(7).length === 5)

  assert.equal(await parked('inbox', 7), false)
})

test('what tells of a message, and no person, does not start the count anew', async t => {
  const quiet: BotParts = { onMessage: ctx => ctx.reply(ctx.text) }
  const { start, deliver, parked } = await rig(t, { bot: { ...quiet, settings: { loopLimit: 2 } } })
  await start()

  for (const text of ['1', '2', '3']) {
    await deliver(7, text, bot)
    await deliver(7, 'delivered', { kind: 'status' })
  }
  await until(() => parked('inbox', 7))
})

test('without a limit bots may answer each other for ever, and without answers there is no loop', async t => {
  const { start, deliver, api, parked } = await rig(t, {
    open: { ...echo, settings: { loopLimit: null } },
    silent: { onMessage: ctx => ctx.text === 'answer' && ctx.reply('yes'), settings: { loopLimit: 1 } },
  })
  await start()

  for (let n = 0; n < 40; n++) await deliver(7, String(n), bot)
  for (let n = 0; n < 5; n++) await deliver(8, 'no answer', { bot: 'silent', ...bot })
  await deliver(8, 'answer', { bot: 'silent', ...bot })
  await until(() => api.textsOf(7).length === 40 && api.textsOf(8).length === 1)

  assert.equal(await parked('inbox', 7), false)
})

test('thirty answers in a row are the limit where the settings say nothing', () => {
  const loops = createReplyLoops()
  const conversation = 'bot/c' as Parameters<typeof loops.saw>[0]

  const answers = Array.from({ length: 31 }, () => loops.isOneTooMany(conversation, bot, undefined))

  assert.deepEqual(answers, [...Array(30).fill(false), true])
  assert.equal(
    loops.isOneTooMany(conversation, bot, undefined),
    false,
    'an operator who unparks it starts anew',
  )
})

test('of more conversations than are remembered, those answered longest ago are forgotten', () => {
  const loops = createReplyLoops()
  const name = (n: number) => `bot/${n}` as Parameters<typeof loops.saw>[0]
  for (let n = 0; n <= 10_000; n++) loops.isOneTooMany(name(n), bot, 1)

  assert.equal(loops.isOneTooMany(name(10_000), bot, 1), true)
  assert.equal(loops.isOneTooMany(name(0), bot, 1), false)
})
