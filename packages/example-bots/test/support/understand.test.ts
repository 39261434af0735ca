import assert from 'node:assert/strict'
import { test } from 'node:test'
import { examples } from '../../src/support/examples.ts'
import understand from '../../src/support/understand.task.ts'
import { unseen } from './unseen-sentences.ts'

test('at least nine of ten sentences that it has never seen are understood, and of each intent four of five', () => {
  const results = Object.entries(unseen).flatMap(([intent, texts]) =>
    texts.map(text => ({ intent, text, right: understand(text).intent === intent })),
  )

  const share = (some: typeof results) => some.filter(({ right }) => right).length / some.length
  assert.ok(share(results) >= 0.9, `only ${share(results)}`)
  for (const [intent, some] of Map.groupBy(results, result => result.intent)) {
    assert.ok(share(some!) >= 0.8, `${intent}: ${share(some!)}`)
  }
})

test('no sentence of the test is one that it was made with', () => {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9 ]/g, '')
  const known = new Set(Object.values(examples).flat().map(plain))

  assert.deepEqual(
    Object.values(unseen)
      .flat()
      .filter(text => known.has(plain(text))),
    [],
  )
})

test('a message of several sentences means the one that says something, not its greeting or thanks', () => {
  const { intent } = understand(
    'Hi there! My parcel was due on Monday. Could you find out where it is? Thank you!',
  )

  assert.equal(intent, 'order_status')
})

test('orders, dates, amounts and mail addresses are found as they were written', () => {
  assert.deepEqual(
    understand('Please refund $49.99 of order ab-4711 to jane@doe.com, I sent it on 24 November.'),
    {
      intent: 'refund',
      mood: 'neutral',
      orders: ['AB-4711'],
      dates: ['24 November'],
      amounts: ['$49.99'],
      emails: ['jane@doe.com'],
    },
  )
})

test('an order number is told from other numbers', () => {
  const ordersOf = (text: string) => understand(text).orders
  assert.deepEqual(ordersOf('#123 and 48213, then QX-90210.'), ['123', '48213', 'QX-90210'])
  for (const text of [
    'it cost €12345',
    'call +49 30 1234567',
    'in 2026',
    '3 shirts of 12 euros',
    '12345.99 in all',
  ]) {
    assert.deepEqual(ordersOf(text), [], text)
  }
})

test('anger and joy are told from plain talk', () => {
  const moods = {
    angry: ['This is terrible, I am so angry!', 'WHERE IS MY ORDER', 'what a horrible awful shop!!!'],
    neutral: ['Where is my order #48213?', 'when do you open'],
    happy: ['I love it, wonderful service!', 'great, thank you so much'],
  }
  for (const [mood, texts] of Object.entries(moods)) {
    for (const text of texts) assert.equal(understand(text).mood, mood, text)
  }
})

test('nothing at all and what is no English are no intent', () => {
  for (const text of [' ', '?!', '🎉', 'ワインを一本ください', 'x'.repeat(4_096)]) {
    assert.equal(understand(text).intent, 'other', text)
  }
})
