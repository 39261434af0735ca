import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instagramTextLimit, messengerTextLimit, tooLongForMessaging } from '../../src/meta/text-limits.ts'

test('Messenger counts characters, Instagram the bytes of UTF-8', () => {
  assert.equal(messengerTextLimit.measure('é'.repeat(2000)), 2000)
  assert.equal(instagramTextLimit.measure('é'.repeat(500)), 1000)
  assert.equal(tooLongForMessaging({ message: { text: 'é'.repeat(2000) } }, messengerTextLimit), undefined)
  assert.equal(
    tooLongForMessaging({ message: { text: 'é'.repeat(501) } }, instagramTextLimit),
    'The Send API takes 1000 bytes in message.text, not 1002.',
  )
})

test('the text of a template with buttons has a limit of its own', () => {
  const template = (length: number) => ({
    message: {
      attachment: { type: 'template', payload: { template_type: 'button', text: 'x'.repeat(length) } },
    },
  })
  assert.equal(tooLongForMessaging(template(640), messengerTextLimit), undefined)
  assert.match(
    tooLongForMessaging(template(641), messengerTextLimit) ?? '',
    /takes 640 characters .* not 641/,
  )
})
