import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageText, readMessageText } from '../../src/simulate/message-text.ts'

test('a message is no longer than its platform takes, and still tells where it belongs', () => {
  for (const maxBytes of [30, 31, 32, 33, 1_000]) {
    for (let share = 0; share < 1; share += 0.05) {
      const text = messageText(12, 3, () => share, maxBytes)

      assert.ok(Buffer.byteLength(text) <= maxBytes, text)
      assert.ok(text.isWellFormed() && !text.includes('\ufffd'), text)
      assert.deepEqual(readMessageText(text), { chat: 12, sequence: 3 })
    }
  }
})
