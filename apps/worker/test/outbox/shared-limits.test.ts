import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineBot } from '@botyard/bot-kit'
import { adapters } from '@botyard/platforms'
import { rig, until } from '../helper.ts'

const answering = { onMessage: (ctx: { text: string; reply(text: string): void }) => ctx.reply(ctx.text) }

test('a burst of replies into a chat that answers 429 pauses that chat alone, and loses nothing', async t => {
  const { start, deliver, api, letters } = await rig(t, { bot: answering, other: answering })
  const texts = Array.from({ length: 30 }, (_, n) => `text ${n}`)
  let taken = 0
  let refused = 0
  // The chat takes ten, then asks for a second, as Telegram does with a burst.
  api.answer(({ chat, text }) => {
    if (chat !== 7 || text === 'late') return undefined
    if (taken >= 10 && refused < 3) {
      refused++
      return { status: 429, retryAfter: 1 }
    }
    taken++
    return undefined
  })
  await start()
  await start()

  for (const text of texts) await deliver(7, text, { bot: 'bot' })
  await until(() => refused === 1)
  const paused = api.calls.length
  for (const chat of [8, 9]) await deliver(chat, 'meanwhile', { bot: 'bot' })
  for (const chat of [7, 8]) await deliver(chat, 'late', { bot: 'other' })
  await until(() => api.sent.filter(({ text }) => text === 'meanwhile' || text === 'late').length === 4)
  const sentMeanwhile = api.calls.slice(paused).filter(({ chat, text }) => chat === 7 && text !== 'late')
  await until(() => api.textsOf(7).filter(text => text !== 'late').length === texts.length)

  assert.deepEqual(
    api.textsOf(7).filter(text => text !== 'late'),
    texts,
  )
  assert.deepEqual(sentMeanwhile, [])
  assert.equal(refused, 3)
  assert.deepEqual(letters, [])
})

test('a window that one worker learns holds for the other, and another bot has its own', async t => {
  const { start, deliver, directory, letters } = await rig(t, { bot: answering, other: answering })
  const { promise: bothHaveSent, resolve: letFirstGoOn } = Promise.withResolvers<void>()
  const size = 5
  const lengthMs = 1_500
  const windows = new Map<string, { endsAtMs: number; left: number }>()
  const sent: { bot: string; worker: number }[] = []
  let refused = 0
  /** Counts as Discord does, for each bot, and tells so in every answer. */
  const sending = (worker: number) => ({
    ...adapters,
    telegram: {
      ...adapters.telegram,
      limits: () => [{ kind: 'window' as const, name: 'post:channel' }],
      async send({ bot }: { bot: string }) {
        const now = Date.now()
        let window = windows.get(bot)
        if (window === undefined || now >= window.endsAtMs) window = { endsAtMs: now + lengthMs, left: size }
        windows.set(bot, window)
        if (window.left === 0) {
          refused++
          return { status: 'retry' as const, afterMs: window.endsAtMs - now, counts: false, reason: '429' }
        }
        window.left--
        sent.push({ bot, worker })
        if (bot === 'bot' && worker !== sent[0]!.worker) letFirstGoOn()
        const learned = [{ name: 'post:channel', remaining: window.left, resetMs: window.endsAtMs - now }]
        return { status: 'sent' as const, learned }
      },
    },
  })
  /** Answers; the worker that learned the window first waits with its next one until the other has sent. */
  const taking = (worker: number) =>
    defineBot({
      async onMessage(ctx) {
        if (ctx.text === 'flood' && worker === sent[0]!.worker) await bothHaveSent
        ctx.reply(ctx.text)
      },
    })
  assert.equal(directory.size, 2)
  for (const worker of [0, 1]) {
    const handlers = new Map([...directory.keys()].map(bot => [bot, taking(worker)]))
    await start({ adapters: sending(worker), handlers }, { concurrency: 1 })
  }
  const of = (bot: string) => sent.filter(one => one.bot === bot).length

  await deliver(1, 'first', { bot: 'bot' })
  await until(() => of('bot') === 1)
  for (let chat = 2; chat <= 15; chat++) await deliver(chat, 'flood', { bot: 'bot' })
  await until(() => of('bot') >= size)
  await deliver(1, 'hello', { bot: 'other' })
  await until(() => of('other') === 1)
  const ofBotThen = of('bot')
  await until(() => of('bot') === 15)

  assert.equal(refused, 0)
  assert.ok(ofBotThen < 15, `${ofBotThen} had left before the other bot's reply`)
  assert.deepEqual(letters, [])
})
