import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tooLongForLine } from '../../src/line/text-limit.ts'

const text = (length: number) => ({ type: 'text', text: 'x'.repeat(length) })

test('each text of a call has 5,000 UTF-16 units at most, and a call five messages', () => {
  assert.equal(tooLongForLine(text(5000)), undefined)
  assert.equal(tooLongForLine(text(5001)), 'LINE takes 5000 characters (UTF-16 units) in a text, not 5001.')
  assert.match(tooLongForLine({ messages: [text(1), text(5001)] }) ?? '', /not 5001/)
  assert.match(tooLongForLine({ type: 'textV2', text: '😀'.repeat(2501) }) ?? '', /not 5002/)
  assert.equal(tooLongForLine({ type: 'sticker', packageId: '446', stickerId: '1988' }), undefined)
  assert.equal(
    tooLongForLine({ messages: Array.from({ length: 6 }, () => text(1)) }),
    'LINE takes 5 messages in one call, not 6.',
  )
})
