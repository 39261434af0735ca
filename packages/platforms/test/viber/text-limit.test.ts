import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tooLongForViber } from '../../src/viber/text-limit.ts'

test('a text has 7,000 characters at most', () => {
  assert.equal(tooLongForViber({ type: 'text', text: 'x'.repeat(7000) }), undefined)
  assert.equal(
    tooLongForViber({ type: 'text', text: 'x'.repeat(7001) }),
    'Viber takes 7000 characters in text, not 7001.',
  )
  assert.equal(tooLongForViber({ type: 'url', media: 'https://x.example' }), undefined)
})
