import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSendLimits, listUnhealthyBots, readBotHealth } from '@botyard/send-limits'
import { createRedis } from '@botyard/service-kit'
import { startRedis } from '@botyard/testkit'
import { pino } from 'pino'
import { rig, until } from '../helper.ts'
import { placeOf } from '../place-of.ts'

const answering = { onMessage: (ctx: { text: string; reply(text: string): void }) => ctx.reply(ctx.text) }

test('a bot whose credentials are refused stops sending, counts no try, and sends at once with new ones', async t => {
  const { start, deliver, api, change, directory, redis, waiting, conversation, letters } = await rig(t, {
    bot: answering,
  })
  api.answer(() => ({ status: 401 }))
  await start()
  const bot = directory.get('bot')!

  await deliver(7, 'a')
  await until(async () => (await readBotHealth(redis, [bot])).size === 1)
  for (const chat of [8, 9]) await deliver(chat, 'held')
  await until(async () => (await waiting('outbox', 8)) + (await waiting('outbox', 9)) === 2)
  await until(async () => (await redis.hget('{p0}:mb:outbox:blocks', 'paused bot')) !== null)
  const health = (await readBotHealth(redis, [bot])).get('bot')
  const { tries } = await placeOf(redis, 'outbox', conversation(8))
  const calls = api.calls.length
  api.answer(() => undefined)
  change({ ...bot, version: bot.version + 1 })
  await deliver(10, 'renewed')
  await until(() => api.sent.length === 4)

  assert.equal(calls, 1)
  assert.equal(tries, 0)
  assert.equal(health?.reason, 'WRK_CREDENTIALS_REFUSED')
  assert.deepEqual(api.textsOf(10), ['renewed'])
  assert.deepEqual(await listUnhealthyBots(redis), [])
  assert.deepEqual(letters, [])
})

test('a message whose recipient is gone is a dead letter of its own reason', async t => {
  const { start, deliver, api, letters } = await rig(t, { bot: answering })
  api.answer(({ text }) => (text === 'a' ? { status: 403 } : undefined))
  await start()

  for (const text of ['a', 'b']) await deliver(7, text)
  await until(() => letters.length === 1 && api.sent.length === 1)

  assert.equal(letters[0]?.reason, 'WRK_RECIPIENT_GONE')
})

test('limits of the bot make its replies wait, in order, without a try', async t => {
  const { start, deliver, api, letters } = await rig(t, {
    bot: { settings: { limits: { perChatPerSecond: 5 } }, ...answering },
  })
  await start()

  for (const text of ['a', 'b', 'c', 'd']) await deliver(7, text)
  await until(() => api.sent.length === 4)

  assert.deepEqual(api.textsOf(7), ['a', 'b', 'c', 'd'])
  assert.deepEqual(letters, [])
})

test('while nobody can say what the limits permit nothing is sent, and it counts no try', async t => {
  const { start, deliver, api, redis, naming, conversation } = await rig(t, { bot: answering })
  const other = await startRedis()
  const client = createRedis({
    url: other.url,
    logger: pino({ level: 'silent' }),
    name: 'test',
    role: 'commands',
  })
  t.after(async () => {
    client.disconnect()
    await other.stop()
  })
  await new Promise<void>(resolve => void client.once('ready', resolve))
  await other.kill()
  await start({ sendLimits: createSendLimits({ redis: client, naming }) })
  const state = () => placeOf(redis, 'outbox', conversation(7))

  await deliver(7, 'a')
  await until(async () => (await state()).place === 'delayed')
  const { tries } = await state()
  const calls = api.calls.length
  await other.restart()
  await until(() => api.sent.length === 1)

  assert.equal(tries, 0)
  assert.equal(calls, 0)
})
