import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tooLongForWhatsApp } from '../../src/whatsapp/text-limit.ts'

const body = (type: string, length: number) => ({
  type: 'interactive',
  interactive: { type, body: { text: 'x'.repeat(length) } },
})

test('a native message is too long by the limit of its own part', () => {
  assert.equal(tooLongForWhatsApp({ type: 'text', text: { body: 'x'.repeat(4096) } }), undefined)
  assert.equal(
    tooLongForWhatsApp({ type: 'text', text: { body: 'x'.repeat(4097) } }),
    'WhatsApp takes 4096 characters in text.body, not 4097.',
  )
  assert.equal(tooLongForWhatsApp(body('button', 1024)), undefined)
  assert.equal(
    tooLongForWhatsApp(body('button', 1025)),
    'WhatsApp takes 1024 characters in interactive.body.text, not 1025.',
  )
  assert.equal(tooLongForWhatsApp(body('list', 4096)), undefined)
  assert.equal(
    tooLongForWhatsApp({ type: 'image', image: { link: 'https://x.example', caption: 'x'.repeat(1025) } }),
    'WhatsApp takes 1024 characters in image.caption, not 1025.',
  )
  assert.equal(tooLongForWhatsApp({ type: 'template', template: { name: 'a' } }), undefined)
})
