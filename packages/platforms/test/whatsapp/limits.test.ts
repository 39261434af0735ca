import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Limit } from '../../src/index.ts'
import { limitsOfWhatsApp } from '../../src/whatsapp/limits.ts'

const credentials = { phoneNumberId: '100' }
const reply = { conversation: '200:15551234567', route: { phone_number_id: '200' } }

/** The most sends that a limit admits in any window of this length. */
function maxIn(ms: number, limit: Limit | undefined): number {
  assert.ok(limit?.kind === 'rate')
  return Math.floor(limit.burst + (ms * limit.count) / limit.periodMs)
}

test('a broadcast stays under 80 a second of its number and a reply only takes from it; a pair gets 45 in any 270 s', () => {
  const [perNumber, perPair, ...pauses] = limitsOfWhatsApp(reply, credentials, {}, true)

  assert.equal(perNumber?.name, 'number:200')
  assert.ok(maxIn(1_000, perNumber) <= 80 && maxIn(60_000, perNumber) >= 0.95 * 80 * 60)
  assert.equal(perPair?.name, 'chat:200:15551234567')
  assert.equal(maxIn(270_000, perPair), 45)
  assert.deepEqual(
    pauses.map(({ kind, name }) => `${kind} ${name}`),
    ['pause throughput:200', 'pause account', 'pause app'],
  )

  const [charged] = limitsOfWhatsApp(reply, credentials, {}, false)
  assert.ok(charged?.kind === 'rate' && !charged.waits)
})

test('the bot’s own settings go before the platform’s numbers; null is none; a group is no pair', () => {
  const group = { conversation: '200:group:G==' }
  const names = (...asked: Parameters<typeof limitsOfWhatsApp>) =>
    limitsOfWhatsApp(...asked).flatMap(limit => (limit.kind === 'rate' ? [limit.name] : []))

  assert.deepEqual(names(reply, credentials, { perSecond: 10, perChatPerSecond: 1 }, false), [
    'bot',
    'chat:200:15551234567',
  ])
  assert.deepEqual(names(reply, credentials, { perSecond: null, perChatPerSecond: null }, true), [])
  assert.deepEqual(names(group, credentials, { perGroupPerMinute: 5 }, true), [
    'number:200',
    'group:200:group:G==',
  ])
  assert.deepEqual(names({ conversation: '15551234567' }, credentials, {}, true), [
    'number:100',
    'chat:15551234567',
  ])
})
