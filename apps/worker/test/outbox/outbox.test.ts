import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BotSettings, outboundContext } from '@botyard/queue-contracts'
import { createLatch } from '@botyard/testkit'
import { rig, until } from '../helper.ts'
import { placeOf } from '../place-of.ts'

const echo = (settings: BotSettings = {}) => ({
  echo: { settings, onMessage: (ctx: { text: string; reply(text: string): void }) => ctx.reply(ctx.text) },
})

test('a pause the platform asks for holds up that chat only, and counts no try', async t => {
  const { start, deliver, api, redis, conversation } = await rig(t, echo())
  let limited = 0
  api.answer(({ text }) => (text === 'a' && limited++ < 1 ? { status: 429, retryAfter: 1 } : undefined))
  await start()

  for (const text of ['a', 'b']) await deliver(7, text)
  await until(() => limited === 1)
  for (const text of ['c', 'd']) await deliver(8, text)
  await until(() => api.sent.length === 2)
  const { tries } = await placeOf(redis, 'outbox', conversation(7))
  assert.deepEqual(api.textsOf(8), ['c', 'd'])
  await until(() => api.sent.length === 4)

  assert.equal(tries, 0)
  assert.deepEqual(api.textsOf(7), ['a', 'b'])
})

test('a reply the platform refuses for good is a dead letter, and later replies of the chat still go', async t => {
  const { start, deliver, api, letters, keyring, conversation } = await rig(t, echo())
  api.answer(({ text }) => (text === 'b' ? { status: 400 } : undefined))
  await start()

  for (const text of ['a', 'b', 'c']) await deliver(7, text)
  await until(() => api.sent.length === 2 && letters.length === 1)

  assert.deepEqual(api.textsOf(7), ['a', 'c'])
  assert.equal(letters[0]?.reason, 'WRK_SEND_REFUSED')
  assert.match(letters[0]!.id, /^outbox\//)
  const hash = Buffer.from(letters[0]!.id.slice(letters[0]!.id.lastIndexOf('/') + 1), 'base64url')
  const opened = keyring.open(letters[0]!.envelope, outboundContext(conversation(7), hash)).toString()
  assert.match(opened, /"text":"b"/)
})

test('two replies of one chat that somebody exchanged in Redis are not sent in each other’s place', async t => {
  const { start, deliver, api, letters, redis, conversation } = await rig(t, echo())
  let limited = 0
  api.answer(() => (limited++ < 1 ? { status: 429, retryAfter: 1 } : undefined))
  const worker = await start({}, { graceMs: 1_000 })
  for (const text of ['a', 'b']) await deliver(7, text)
  const mailbox = `{p0}:mb:outbox:m:${conversation(7)}`
  await until(async () => limited === 1 && (await redis.llen(mailbox)) === 2)
  await worker.close()

  const [first, second] = await redis.lrangeBuffer(mailbox, 0, 1)
  const heads = [first!.subarray(0, 28), second!.subarray(0, 28)]
  await redis.lset(mailbox, 0, Buffer.concat([heads[0]!, second!.subarray(28)]))
  await redis.lset(mailbox, 1, Buffer.concat([heads[1]!, first!.subarray(28)]))
  await start()
  await until(() => letters.length === 2)

  assert.deepEqual(api.sent, [])
  assert.deepEqual(
    letters.map(({ reason }) => reason),
    ['KEY_TAMPERED', 'KEY_TAMPERED'],
  )
})

test('a reply the platform answers with an error is sent again before what follows', async t => {
  const { start, deliver, api } = await rig(t, echo())
  let failures = 0
  api.answer(({ text }) => (text === 'a' && failures++ < 1 ? { status: 502 } : undefined))
  await start()

  for (const text of ['a', 'b']) await deliver(7, text)
  await until(() => api.sent.length === 2)

  assert.deepEqual(api.textsOf(7), ['a', 'b'])
})

/**
 * The Bot API takes the first call for `text` and closes the connection: whether it was sent nobody knows.
 */
function cutOnce(text: string) {
  let cuts = 0
  return (sent: { text: string }) => (sent.text === text && cuts++ < 1 ? 'cut' : undefined)
}

test('a send without an answer is repeated by default', async t => {
  const { start, deliver, api } = await rig(t, echo())
  api.answer(cutOnce('a'))
  await start()

  for (const text of ['a', 'b']) await deliver(7, text)
  await until(() => api.sent.length === 2)

  assert.deepEqual(
    api.calls.map(({ text }) => text),
    ['a', 'a', 'b'],
  )
})

test('a send without an answer is dropped if its bot says so', async t => {
  const { start, deliver, api, letters } = await rig(t, echo({ uncertainSends: 'drop' }))
  api.answer(cutOnce('a'))
  await start()

  for (const text of ['a', 'b']) await deliver(7, text)
  await until(() => api.sent.length === 1 && letters.length === 1)

  assert.deepEqual(
    api.calls.map(({ text }) => text),
    ['a', 'b'],
  )
  assert.equal(letters[0]?.reason, 'WRK_SEND_UNCERTAIN')
})

test('a send without an answer holds its chat if its bot says so, and the others go on', async t => {
  const { start, deliver, api, parked, waiting, letters } = await rig(t, echo({ uncertainSends: 'hold' }))
  api.answer(cutOnce('a'))
  await start()

  for (const text of ['a', 'b']) await deliver(7, text)
  await until(() => parked('outbox', 7))
  await deliver(8, 'c')
  await until(() => api.sent.length === 1)
  await until(async () => (await waiting('outbox', 7)) === 2)

  assert.deepEqual(
    api.calls.map(({ text }) => text),
    ['a', 'c'],
  )
  assert.deepEqual(letters, [])
})

test('replies of a bot that was deleted meanwhile go to the dead letters', async t => {
  const gate = createLatch<undefined>()
  const { start, deliver, api, letters, directory } = await rig(t, echo())
  api.answer(() => gate.wait())
  await start()

  for (const text of ['a', 'b']) await deliver(7, text)
  await until(() => api.calls.length === 1)
  directory.delete('echo')
  gate.open(undefined)
  await until(() => letters.length === 1)

  assert.deepEqual(api.textsOf(7), ['a'])
  assert.equal(letters[0]?.reason, 'WRK_BOT_GONE')
})
