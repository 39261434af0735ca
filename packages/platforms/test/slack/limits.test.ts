import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { adapters, type LimitSettings } from '../../src/index.ts'

const message: OutboundMessage = {
  id: 'Ev1.0',
  bot: 'shop',
  platform: 'slack',
  conversation: 'T1:C1',
  tenant: 'T1',
  text: 'hi',
  receivedAtMs: 0,
}
const limits = (asked: Partial<OutboundMessage>, settings: LimitSettings, bulk: boolean) =>
  adapters.slack.limits!({ ...message, ...asked }, {}, settings, bulk)

test('a channel gets a message a second, replies a few at once, and a broadcast heeds the workspace too', () => {
  const chat = { kind: 'rate', name: 'chat:C1', count: 0.96, periodMs: 1000, waits: true }
  const workspace = { kind: 'rate', name: 'workspace:T1', count: 4.8, periodMs: 1000, burst: 1 }
  const pause = { kind: 'pause', name: 'method:chat.postMessage:T1' }

  assert.deepEqual(limits({}, {}, false), [{ ...workspace, waits: false }, { ...chat, burst: 3 }, pause])
  assert.deepEqual(limits({}, {}, true), [{ ...workspace, waits: true }, { ...chat, burst: 1 }, pause])
})

test('a broadcast’s recipient is the same channel, with or without its team', () => {
  const names = (conversation: string) => limits({ conversation }, {}, true).map(({ name }) => name)

  assert.deepEqual(names('C1'), names('T1:C1'))
})

test('edits have the rate of their own method', () => {
  assert.deepEqual(limits({ action: 'edit' }, {}, false), [
    { kind: 'rate', name: 'method:chat.update:T1', count: 48, periodMs: 60_000, burst: 2, waits: false },
  ])
  assert.deepEqual(limits({ action: 'edit' }, { perSecond: null }, false), [
    { kind: 'pause', name: 'method:chat.update:T1' },
  ])
})

test('the bot’s settings go before Slack’s numbers', () => {
  const rates = (conversation: string) =>
    limits({ conversation }, { perSecond: 20, perChatPerSecond: 2, perGroupPerMinute: 30 }, false).flatMap(
      limit => (limit.kind === 'rate' ? [`${limit.name} ${limit.count.toFixed(2)}`] : []),
    )

  assert.deepEqual(rates('T1:C1'), ['bot 19.20', 'chat:C1 1.92', 'group:C1 28.80'])
  assert.deepEqual(rates('T1:D1'), ['bot 19.20', 'chat:D1 1.92'])
})
