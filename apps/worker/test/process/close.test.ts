import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { rig, until } from '../helper.ts'

const chats = [1, 2, 3, 4, 5]
const texts = ['a', 'b', 'c', 'd']

test('close lets running handlers end, and another worker finishes the rest: nothing lost, doubled or out of order', async t => {
  const gate = createLatch()
  const handled: string[] = []
  const { start, deliver, api } = await rig(t, {
    bot: {
      async onMessage(ctx) {
        await gate.wait()
        handled.push(`${ctx.update.conversation}${ctx.text}`)
        ctx.reply(ctx.text)
      },
    },
  })
  const leaving = await start({}, { graceMs: 30_000 })

  for (const text of texts) for (const chat of chats) await deliver(chat, text)
  await until(() => leaving.holding === chats.length)
  const closed = leaving.close()
  gate.open()
  await closed
  const byLeaving = handled.length
  await start()
  await until(() => api.sent.length === chats.length * texts.length)

  assert.ok(byLeaving >= chats.length, `${byLeaving}`)
  assert.ok(byLeaving < chats.length * texts.length, `${byLeaving}`)
  assert.equal(handled.length, chats.length * texts.length)
  assert.deepEqual(
    api.calls.filter(({ chat }) => chat === 1).map(({ text }) => text),
    texts,
  )
  for (const chat of chats) assert.deepEqual(api.textsOf(chat), texts)
})

test('a handler that does not end within the grace is aborted, its update handed back without counting a try', async t => {
  const begun = createLatch()
  const { start, deliver, api } = await rig(t, {
    bot: {
      async onMessage(ctx) {
        if (!begun.isOpen) {
          begun.open()
          const aborted = createLatch()
          ctx.signal.addEventListener('abort', () => aborted.fail(ctx.signal.reason))
          await aborted.wait()
        }
        ctx.reply(`${ctx.text}, try ${ctx.attempt}`)
      },
    },
  })
  const leaving = await start()

  for (const text of ['a', 'b']) await deliver(7, text)
  await begun.wait()
  await leaving.close()
  await start()
  await until(() => api.sent.length === 2)

  assert.deepEqual(api.textsOf(7), ['a, try 1', 'b, try 1'])
})

test('whatever a handler throws after it was aborted by a shutdown, no try counts', async t => {
  const begun = createLatch()
  const { start, deliver, api, letters } = await rig(t, {
    bot: {
      settings: { tries: 1 },
      async onMessage(ctx) {
        if (!begun.isOpen) {
          begun.open()
          const aborted = createLatch()
          ctx.signal.addEventListener('abort', () => aborted.fail(new Error('a library says: aborted')))
          await aborted.wait()
        }
        ctx.reply(`${ctx.text}, try ${ctx.attempt}`)
      },
    },
  })
  const leaving = await start()

  await deliver(7, 'a')
  await begun.wait()
  await leaving.close()
  await start()
  await until(() => api.sent.length + letters.length === 1)

  assert.deepEqual(api.textsOf(7), ['a, try 1'])
})

test('a reply under way at close is ended first, and those behind it are handed on', async t => {
  const gate = createLatch<undefined>()
  const { start, deliver, api } = await rig(t, { bot: { onMessage: ctx => ctx.reply(ctx.text) } })
  api.answer(() => gate.wait())
  const leaving = await start({}, { graceMs: 30_000 })

  for (const text of texts) await deliver(7, text)
  await until(() => api.calls.length === 1)
  const closed = leaving.close()
  gate.open(undefined)
  await closed
  await start()
  await until(() => api.sent.length === texts.length)

  assert.deepEqual(
    api.calls.map(({ text }) => text),
    texts,
  )
})
