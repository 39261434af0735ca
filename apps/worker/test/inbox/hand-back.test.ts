import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BotContext } from '@botyard/bot-kit'
import { createKeyring } from '@botyard/service-kit'
import { newKey, rig, until } from '../helper.ts'
import { placeOf } from '../place-of.ts'

const counting = { onMessage: (ctx: BotContext) => ctx.reply(`${ctx.text}, try ${ctx.attempt}`) }

test('an update whose handler this worker lacks waits, counts no try, and another worker takes it', async t => {
  const { start, deliver, api, redis, conversation } = await rig(t, { bot: counting })
  const state = () => placeOf(redis, 'inbox', conversation(7))
  const old = await start({ handlers: new Map() })

  for (const text of ['a', 'b']) await deliver(7, text)
  await until(async () => (await state()).place === 'delayed')
  const { tries } = await state()
  await old.close()
  await start()
  await until(() => api.sent.length === 2)

  assert.equal(tries, 0)
  assert.deepEqual(api.textsOf(7), ['a, try 1', 'b, try 1'])
})

test('an update sealed with a key this worker does not have is handed back, and a worker with it takes it', async t => {
  const { start, deliver, api, redis, conversation, key, letters } = await rig(t, { bot: counting })
  const rotated = createKeyring({ active: 'k2', keys: { k1: key, k2: newKey() } })
  const old = await start()

  await deliver(7, 'a', { keyring: rotated })
  await until(async () => (await placeOf(redis, 'inbox', conversation(7))).isUnreadable)
  await old.close()
  await start({ keyring: rotated })
  await until(() => api.sent.length === 1)

  assert.deepEqual(api.textsOf(7), ['a, try 1'])
  assert.deepEqual(letters, [])
})

test('an update that was tampered with is a dead letter at once, and the rest follows', async t => {
  const { start, deliver, api, letters } = await rig(t, { bot: counting })
  // The same key id with another key: its tag does not fit.
  const forged = createKeyring({ active: 'k1', keys: { k1: newKey() } })
  await start()

  await deliver(7, 'a', { keyring: forged })
  await deliver(7, 'b')
  await until(() => api.sent.length === 1 && letters.length === 1)

  assert.deepEqual(api.textsOf(7), ['b, try 1'])
  assert.equal(letters[0]?.reason, 'KEY_TAMPERED')
})

test('mail of a deleted bot goes to the dead letters without a try, that of others is handled', async t => {
  let calls = 0
  const { start, deliver, api, directory, letters } = await rig(t, {
    gone: { onMessage: () => calls++ },
    bot: counting,
  })
  directory.delete('gone')
  await start()

  for (const text of ['a', 'b']) await deliver(7, text, { bot: 'gone' })
  await deliver(8, 'c', { bot: 'bot' })
  await until(() => api.sent.length === 1 && letters.length === 2)

  assert.equal(calls, 0)
  assert.deepEqual(new Set(letters.map(({ reason }) => reason)), new Set(['WRK_BOT_GONE']))
})
