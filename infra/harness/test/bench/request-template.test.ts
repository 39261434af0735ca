import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRequest } from '../../src/bench/load/request-template.ts'

test('a patched request is a whole Telegram update with the given ids', () => {
  const request = createRequest({ port: 8080, path: '/hooks/telegram/bench', secret: 's' })

  request.patch(1_234_567, 19_999)

  const [head = '', body = ''] = request.bytes.toString().split('\r\n\r\n')
  const update = JSON.parse(body)
  assert.match(head, /^POST \/hooks\/telegram\/bench HTTP\/1\.1\r\n/)
  assert.match(head, new RegExp(`content-length: ${Buffer.byteLength(body)}$`))
  assert.equal(update.update_id, 101_234_567)
  assert.equal(update.message.message_id, 101_234_567)
  assert.equal(update.message.chat.id, 5_000_019_999)
  assert.equal(update.message.from.id, 5_000_019_999)
})
