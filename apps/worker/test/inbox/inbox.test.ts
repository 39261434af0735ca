import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readParked, unpark } from '@botyard/mailbox'
import { createLatch } from '@botyard/testkit'
import { rig, until } from '../helper.ts'

const echo = { onMessage: (ctx: { text: string; reply(text: string): void }) => ctx.reply(`re ${ctx.text}`) }

test('updates of a chat become replies, in order', async t => {
  const { start, deliver, api } = await rig(t, { echo })
  await start()

  const texts = Array.from({ length: 40 }, (_, n) => String(n))
  for (const text of texts) await deliver(7, text)
  await until(() => api.sent.length === 40)

  assert.deepEqual(
    api.textsOf(7),
    texts.map(text => `re ${text}`),
  )
})

test('several replies of one update keep their order, before those of the next', async t => {
  const { start, deliver, api } = await rig(t, {
    bot: {
      onMessage(ctx) {
        for (const n of [1, 2, 3]) ctx.reply(`${ctx.text}${n}`)
      },
    },
  })
  await start()

  await deliver(7, 'a')
  await deliver(7, 'b')
  await until(() => api.sent.length === 6)

  assert.deepEqual(api.textsOf(7), ['a1', 'a2', 'a3', 'b1', 'b2', 'b3'])
})

test('a handler that fails holds up its own chat only, and is tried again', async t => {
  const healthy = createLatch()
  const attempts: number[] = []
  const { start, deliver, api, waiting } = await rig(t, {
    bot: {
      async onMessage(ctx) {
        if (ctx.text === 'bad') attempts.push(ctx.attempt)
        if (ctx.text === 'bad' && !healthy.isOpen) throw new Error('no')
        ctx.reply(ctx.text)
      },
    },
  })
  await start()

  await deliver(7, 'bad')
  await deliver(7, 'after bad')
  await until(() => attempts.length === 1)
  for (const chat of [8, 9]) await deliver(chat, 'good')
  await until(() => api.sent.length === 2)
  assert.deepEqual(api.textsOf(7), [])
  assert.equal(await waiting('inbox', 7), 2)
  healthy.open()
  await until(() => api.sent.length === 4)

  assert.deepEqual(api.textsOf(7), ['bad', 'after bad'])
  assert.deepEqual(attempts, [1, 2])
})

test('an update that fails for the last time goes to the dead letters, and the rest follow in order', async t => {
  const attempts: number[] = []
  const { start, deliver, api, letters, conversation, keyring } = await rig(t, {
    bot: {
      settings: { tries: 2 },
      onMessage(ctx) {
        ctx.reply(ctx.text)
        if (ctx.text !== 'poison') return
        attempts.push(ctx.attempt)
        throw new Error('private text of a user')
      },
    },
  })
  await start()

  for (const text of ['a', 'poison', 'b', 'c']) await deliver(7, text)
  await until(() => api.sent.length === 3 && letters.length === 1)

  assert.deepEqual(api.textsOf(7), ['a', 'b', 'c'])
  assert.deepEqual(attempts, [1, 2])
  const [letter] = letters
  assert.equal(letter?.reason, 'WRK_HANDLER_FAILED')
  assert.equal(letter?.tries, 2)
  assert.equal(letter?.conversation, conversation(7))
  const hash = letter!.id.split('/').at(-1)
  assert.match(keyring.open(letter!.envelope, `${conversation(7)}|${hash}`).toString(), /"text":"poison"/)
})

test('with the policy park nothing overtakes, until an operator has it tried again', async t => {
  let healthy = false
  const { start, deliver, api, letters, parked, conversation, redis, tokens, waiting } = await rig(t, {
    bot: {
      settings: { tries: 1, poison: 'park' },
      onMessage(ctx) {
        if (ctx.text === 'poison' && !healthy) throw new Error('no')
        ctx.reply(ctx.text)
      },
    },
  })
  await start()

  for (const text of ['a', 'poison', 'b']) await deliver(7, text)
  await until(() => parked('inbox', 7))
  await deliver(7, 'c')
  await deliver(8, 'other')
  await until(() => api.textsOf(8).length === 1)
  assert.deepEqual(api.textsOf(7), ['a'])
  assert.equal(await waiting('inbox', 7), 3)
  const head = await readParked(redis, 1, 'inbox', conversation(7))
  assert.equal(head?.reason, 'WRK_HANDLER_FAILED')
  healthy = true
  assert.equal(await unpark({ redis, partitions: 1, tokens }, head!, { do: 'retry' }), 'ready')
  await until(() => api.sent.length === 5)

  assert.deepEqual(api.textsOf(7), ['a', 'poison', 'b', 'c'])
  assert.deepEqual(letters, [])
})

test('a handler that takes too long is aborted, and that counts as a try', async t => {
  const reasons: unknown[] = []
  const { start, deliver, api, letters } = await rig(t, {
    bot: {
      settings: { tries: 2, handlerTimeoutMs: 100 },
      async onMessage(ctx) {
        ctx.reply(ctx.text)
        if (ctx.text !== 'slow') return
        const aborted = createLatch()
        ctx.signal.addEventListener('abort', () => aborted.open())
        await aborted.wait()
        reasons.push(ctx.signal.reason.code)
        throw ctx.signal.reason
      },
    },
  })
  await start()

  await deliver(7, 'slow')
  await deliver(7, 'next')
  await until(() => api.sent.length === 1 && letters.length === 1)

  assert.deepEqual(api.textsOf(7), ['next'])
  assert.deepEqual(reasons, ['MBX_HANDLER_TIMEOUT', 'MBX_HANDLER_TIMEOUT'])
  assert.equal(letters[0]?.reason, 'MBX_HANDLER_TIMEOUT')
})

test('a handler that ignores the abort loses its hold, and what it says late is not sent', async t => {
  const gate = createLatch()
  const ended = createLatch()
  const { start, deliver, api } = await rig(t, {
    bot: {
      settings: { handlerTimeoutMs: 100 },
      async onMessage(ctx) {
        if (ctx.text === 'stubborn' && ctx.attempt === 1) {
          await gate.wait()
          ctx.reply('said late')
          ended.open()
        } else ctx.reply(`${ctx.text} ${ctx.attempt}`)
      },
    },
  })
  await start()

  await deliver(7, 'stubborn')
  await deliver(7, 'next')
  await until(() => api.sent.length === 2)
  gate.open()
  await ended.wait()
  await deliver(7, 'last')
  await until(() => api.sent.length === 3)

  assert.deepEqual(api.textsOf(7), ['stubborn 2', 'next 1', 'last 1'])
})

test("a bot's concurrency caps it over two workers, and everybody gets a turn", async t => {
  let running = 0
  let max = 0
  const started: (() => void)[] = []
  const { start, deliver, api } = await rig(t, {
    bot: {
      settings: { concurrency: 2 },
      async onMessage(ctx) {
        max = Math.max(max, ++running)
        const { promise, resolve } = Promise.withResolvers<void>()
        started.push(resolve)
        await promise
        running--
        ctx.reply('done')
      },
    },
    free: { onMessage: ctx => ctx.reply('free') },
  })
  await Promise.all([start(), start()])

  for (let chat = 1; chat <= 8; chat++) await deliver(chat, 'x')
  await until(() => running === 2)
  await deliver(100, 'x', { bot: 'free' })
  await until(() => api.textsOf(100).length === 1)
  for (let done = 0; done < 8; done++) {
    await until(() => started.length > 0)
    started.shift()!()
  }
  await until(() => api.sent.length === 9)

  assert.equal(max, 2)
})

test('a step that ran is not run again when its update is tried again, and is forgotten once it is done', async t => {
  let runs = 0
  let kept: string[] = []
  const { start, deliver, api, redis } = await rig(t, {
    bot: {
      async onMessage(ctx) {
        if (ctx.attempt === 2) kept = await redis.keys('{p0}:once:*')
        const order = await ctx.once('order', () => ({ number: ++runs }))
        if (ctx.attempt === 1) throw new Error('later step')
        ctx.reply(`order ${order.number}`)
      },
    },
  })
  await start()

  await deliver(7, 'tea')
  await until(() => api.sent.length === 1)
  await until(async () => (await redis.keys('{p0}:once:*')).length === 0)

  assert.deepEqual(api.textsOf(7), ['order 1'])
  assert.equal(kept.length, 1)
})

test('a handler that ends after its hold was lost does not make its update forget its steps', async t => {
  let runs = 0
  const gate = createLatch()
  const { start, deliver, api } = await rig(t, {
    bot: {
      settings: { handlerTimeoutMs: 100 },
      async onMessage(ctx) {
        await ctx.once('order', () => ++runs)
        if (ctx.attempt === 1) return gate.wait()
        if (ctx.attempt === 2) {
          gate.open()
          throw new Error('later step')
        }
        ctx.reply(`${runs} runs`)
      },
    },
  })
  await start()

  await deliver(7, 'tea')
  await until(() => api.sent.length === 1)

  assert.deepEqual(api.textsOf(7), ['1 runs'])
})
