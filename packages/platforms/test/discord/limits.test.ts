import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { adapters, type Limit } from '../../src/index.ts'

const credentials = { publicKey: '0'.repeat(64), applicationId: '1457', botToken: 'bot.token' }
const message: OutboundMessage = {
  id: '1.0',
  bot: 'shop',
  platform: 'discord',
  conversation: '345',
  tenant: '43',
  text: 'hi',
  receivedAtMs: Date.now(),
  route: { interaction: '846', application: '1457', token: 'token' },
}
const { route: _route, tenant: _tenant, ...broadcast } = message
const budget: Limit = { kind: 'errors', name: 'invalid', max: 9_000, periodMs: 600_000 }

test('answers to interactions are outside the global limit', () => {
  assert.deepEqual(adapters.discord.limits!(message, credentials, {}, false), [
    { kind: 'window', name: 'follow-up:846' },
    budget,
  ])
})

test('a broadcast waits for the global rate, and other messages are only charged to it', () => {
  const rate = { kind: 'rate', name: 'bot', count: 48, periodMs: 1000, burst: 2 } as const
  for (const bulk of [true, false]) {
    assert.deepEqual(adapters.discord.limits!(broadcast, credentials, {}, bulk), [
      { kind: 'window', name: 'channel-message:345' },
      budget,
      { ...rate, waits: bulk },
      { kind: 'pause', name: 'global' },
    ])
  }
})

test('the bot’s own settings hold for every way, the group’s where there is a guild', () => {
  const settings = { perSecond: 5, perChatPerSecond: 1, perGroupPerMinute: 20 }
  const names = (of: OutboundMessage) =>
    adapters.discord.limits!(of, credentials, settings, false).flatMap(limit =>
      limit.kind === 'rate' ? [limit.name] : [],
    )

  assert.deepEqual(names(message), ['bot', 'chat:345', 'group:345'])
  assert.deepEqual(names(broadcast), ['bot', 'chat:345'])
})
