import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinLine } from '../../src/line/join.ts'

const text = (said: string) => ({ text: said })
const message = (said: string) => ({ type: 'text', text: said })
const sticker = { native: { type: 'sticker', packageId: '446', stickerId: '1988' } }

test('what a handler said goes in one call of up to five messages, in order; the rest in further fives', () => {
  const said = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(text)

  assert.deepEqual(joinLine([text('a'), sticker, text('b')]), [
    { native: { messages: [message('a'), sticker.native, message('b')] } },
  ])
  assert.deepEqual(joinLine(said), [
    { native: { messages: ['a', 'b', 'c', 'd', 'e'].map(message) } },
    { native: { messages: ['f', 'g'].map(message) } },
  ])
  assert.deepEqual(joinLine([...said.slice(0, 6)]).at(-1), text('f'))
  assert.deepEqual(joinLine([text('a')]), [text('a')])
  assert.deepEqual(joinLine([]), [])
})

test('what is addressed itself, is a body or no message stays by itself, and nothing changes places', () => {
  const apart = [
    { native: { ...message('x'), to: 'C1' } },
    { native: { messages: [message('x')], notificationDisabled: true } },
    { native: { to: 'C1', messages: [message('x')] } },
    { action: 'edit' as const, text: 'x', message: '1' },
    { action: 'typing' as const },
  ]
  for (const content of apart) {
    assert.deepEqual(joinLine([text('a'), text('b'), content, text('c'), text('d')]), [
      { native: { messages: [message('a'), message('b')] } },
      content,
      { native: { messages: [message('c'), message('d')] } },
    ])
  }
})

test('half of a surrogate pair is no reason for LINE to refuse the other messages', () => {
  assert.deepEqual(joinLine([text('a\ud83d'), text('b')]), [
    { native: { messages: [message('a\ufffd'), message('b')] } },
  ])
})
