import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters, type PlatformAdapter } from '@botyard/platforms'
import { rig, until } from './helper.ts'

test('where the platform shows that it waits, a handler that says nothing ends the waiting, and one that speaks does not', async t => {
  const sent: [text: string | undefined, action: string | undefined][] = []
  const waiting: PlatformAdapter = {
    ...adapters.telegram,
    acknowledge: (_update, said, responded) => (said.length === 0 && !responded ? { action: 'dismiss' } : undefined),
    send: async ({ text, action }) => {
      sent.push([text, action])
      return { status: 'sent' }
    },
  }
  const { start, deliver } = await rig(t, { bot: { onMessage: ctx => ctx.text === 'speak' && ctx.reply('hello') } })
  await start({ adapters: { ...adapters, telegram: waiting } })

  await deliver(1, 'be silent')
  await deliver(1, 'speak')
  await until(() => sent.length === 2)

  assert.deepEqual(sent, [
    [undefined, 'dismiss'],
    ['hello', undefined],
  ])
})

test('an answer that comes after the deadline is none: the waiting that the platform shows is ended', async t => {
  const actions: (string | undefined)[] = []
  const waiting: PlatformAdapter = {
    ...adapters.telegram,
    acknowledge: (_update, said, responded) => (said.length === 0 && !responded ? { action: 'dismiss' } : undefined),
    send: async ({ action }) => {
      actions.push(action)
      return { status: 'sent' }
    },
  }
  const { start, deliver } = await rig(t, { bot: { onMessage: ctx => ctx.respond({ type: 9 }) } })
  await start({ adapters: { ...adapters, telegram: waiting } })

  await deliver(1, 'hello', { respond: { channel: 'gone', id: '1', byMs: Date.now() - 1 } })
  await until(() => actions.length === 1)

  assert.deepEqual(actions, ['dismiss'])
})
