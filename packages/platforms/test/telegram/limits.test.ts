import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitsOfTelegram } from '../../src/telegram/limits.ts'

function limitsOf(conversation: string, settings: object, bulk: boolean) {
  return limitsOfTelegram({ conversation }, undefined, settings, bulk).map(limit =>
    limit.kind === 'rate'
      ? [limit.name, limit.count, limit.periodMs, limit.burst, limit.waits]
      : [limit.name],
  )
}

test('a broadcast stays 4 % under 30 a second of the bot, one a second in a chat and 20 a minute in a group', () => {
  assert.deepEqual(limitsOf('-1001', {}, true), [
    ['bot', 28.8, 1000, 2, true],
    ['bulk'],
    ['chat:-1001', 0.96, 1000, 1, true],
    ['group:-1001', 19.2, 60_000, 1, true],
  ])
  assert.deepEqual(limitsOf('user:42', {}, true).at(-1), ['chat:42', 0.96, 1000, 1, true])
})

test('no window of the platform sees more of a broadcast than it allows', () => {
  for (const perSecond of [1, 2, 3, 10, 30, 33, 100, 1000]) {
    const [[, count, , burst] = []] = limitsOf('bot', { perSecond }, true) as [
      string,
      number,
      number,
      number,
    ][]

    assert.ok(count && burst && burst + Math.floor(count) <= perSecond, String(perSecond))
  }
})

test('a reply is charged and waits for nothing, unless the bot’s own settings say so', () => {
  assert.ok(limitsOf('-1001', {}, false).every(([, , , , waits]) => waits === false))
  assert.deepEqual(limitsOf('42', { perSecond: 10, perChatPerSecond: 2 }, false), [
    ['bot', 9.6, 1000, 1, true],
    ['chat:42', 1.92, 1000, 1, true],
  ])
})

test('who pays for wider broadcasts does not limit replies', () => {
  assert.deepEqual(limitsOf('42', { perSecond: 1000 }, false)[0], ['bot', 960, 1000, 40, false])
  assert.deepEqual(limitsOf('42', { perSecond: 1000 }, true)[0], ['bot', 960, 1000, 40, true])
})

test('null is no limit at all', () => {
  const none = { perSecond: null, perChatPerSecond: null, perGroupPerMinute: null }

  assert.deepEqual(limitsOf('-1001', none, false), [])
  assert.deepEqual(limitsOf('-1001', none, true), [['bulk']])
})

test('typing waits for nothing and takes from nobody', () => {
  assert.deepEqual(
    limitsOfTelegram({ conversation: '1', action: 'typing' }, undefined, { perSecond: 1 }, false),
    [],
  )
})
