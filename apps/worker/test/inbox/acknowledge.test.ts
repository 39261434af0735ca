import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters, type PlatformAdapter } from '@botyard/platforms'
import { rig, until } from '../helper.ts'

/** A platform that shows "thinking" until something is said, and notes what it is sent and told. */
function waitingPlatform(more: Partial<PlatformAdapter> = {}) {
  const sent: string[] = []
  const outcomes: string[] = []
  const adapter: PlatformAdapter = {
    ...adapters.telegram,
    acknowledge(_update, said, outcome) {
      outcomes.push(outcome)
      if (outcome === 'failed') return { native: { method: 'sorry' } }
      return said.length === 0 && outcome === 'handled' ? { action: 'dismiss' } : undefined
    },
    send: async ({ text, native, action }) => {
      sent.push(text ?? String(native?.method ?? action))
      return { status: 'sent' }
    },
    ...more,
  }
  return { sent, outcomes, deps: { adapters: { ...adapters, telegram: adapter } } }
}

/** Answers everything but "fail". */
const failingBot = (tries: number): Parameters<typeof rig>[1][string] => ({
  settings: { tries },
  onMessage(ctx) {
    if (ctx.text === 'fail') throw new Error('always')
    ctx.reply(ctx.text)
  },
})

test('where the platform shows that it waits, a handler that says nothing ends the waiting, and one that speaks does not', async t => {
  const { sent, deps } = waitingPlatform()
  const { start, deliver } = await rig(t, {
    bot: { onMessage: ctx => ctx.text === 'speak' && ctx.reply('hello') },
  })
  await start(deps)

  await deliver(1, 'be silent')
  await deliver(1, 'speak')
  await until(() => sent.length === 2)

  assert.deepEqual(sent, ['dismiss', 'hello'])
})

test('an answer that comes after the deadline is none: the waiting that the platform shows is ended', async t => {
  const { sent, deps } = waitingPlatform()
  const { start, deliver } = await rig(t, { bot: { onMessage: ctx => ctx.respond({ type: 9 }) } })
  await start(deps)

  await deliver(1, 'hello', { respond: { channel: 'gone', id: '1', byMs: Date.now() - 1 } })
  await until(() => sent.length === 1)

  assert.deepEqual(sent, ['dismiss'])
})

test('an answer of a try that failed afterwards counts for the try that succeeds', async t => {
  const { outcomes, deps } = waitingPlatform()
  const { start, deliver } = await rig(t, {
    bot: {
      onMessage(ctx) {
        if (ctx.attempt > 1) return
        ctx.respond({ type: 9 })
        throw new Error('once')
      },
    },
  })
  await start(deps)

  await deliver(1, 'hello', { respond: { channel: 'gateway', id: '1', byMs: Date.now() + 60_000 } })
  await until(() => outcomes.length === 1)

  assert.deepEqual(outcomes, ['responded'])
})

test('the platform is told once that an update was given up, though its handler was tried twice', async t => {
  const { sent, outcomes, deps } = waitingPlatform()
  const { start, deliver, letters } = await rig(t, {
    bot: failingBot(2),
  })
  await start(deps)

  await deliver(1, 'fail')
  await deliver(1, 'next')
  await until(() => sent.length === 2 && letters.length === 1)

  assert.deepEqual(sent.sort(), ['next', 'sorry'])
  assert.deepEqual(outcomes, ['failed', 'handled'])
})

test('the platform is told as well when the conversation is parked instead', async t => {
  const { sent, deps } = waitingPlatform()
  const { start, deliver, parked } = await rig(t, {
    bot: { settings: { tries: 1, poison: 'park' }, onMessage: () => Promise.reject(new Error('always')) },
  })
  await start(deps)

  await deliver(1, 'fail')
  await until(() => sent.length === 1)

  assert.deepEqual(sent, ['sorry'])
  assert.equal(await parked('inbox', 1), true)
})

test('a platform that takes the failure a little later is told again', async t => {
  const { sent, deps } = waitingPlatform()
  const { send } = deps.adapters.telegram
  let asked = 0
  deps.adapters.telegram.send = async (...args) =>
    asked++ === 0 ? { status: 'retry', afterMs: 1, counts: false, reason: 'not known yet' } : send(...args)
  const { start, deliver } = await rig(t, { bot: failingBot(1) })
  await start(deps)

  await deliver(1, 'fail')
  await until(() => sent.length === 1)

  assert.deepEqual([sent, asked], [['sorry'], 2])
})

test('a platform that does not take the failure holds nothing up', async t => {
  const texts: string[] = []
  const { deps } = waitingPlatform({
    send: ({ native, text }) => {
      if (native?.method === 'sorry') return Promise.reject(new Error('away'))
      texts.push(text ?? '')
      return Promise.resolve({ status: 'sent' })
    },
  })
  const { start, deliver } = await rig(t, {
    bot: failingBot(1),
  })
  await start(deps)

  await deliver(1, 'fail')
  await deliver(1, 'next')
  await until(() => texts.length === 1)

  assert.deepEqual(texts, ['next'])
})

test('what one handler said goes out in as few messages as the platform can carry it in, after the acknowledgement', async t => {
  const { sent, deps } = waitingPlatform({
    acknowledge: () => ({ native: { method: 'done' } }),
    join: said => [{ text: said.map(({ text }) => text).join('+') }],
  })
  const { start, deliver } = await rig(t, {
    bot: {
      onMessage(ctx) {
        for (const text of ['one', 'two', 'three']) ctx.reply(text)
      },
    },
  })
  await start(deps)

  await deliver(1, 'count')
  await until(() => sent.length === 2)

  assert.deepEqual(sent, ['done', 'one+two+three'])
})
