import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chatId, createRequest, updateNamedIn } from '../../src/bench/load/request-template.ts'

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

test('a text tells which update it is, and so does a reply that repeats it', () => {
  const request = createRequest({ port: 8080, path: '/', secret: 's' })
  request.patch(1_234_567, 19_999)
  const { message } = JSON.parse(request.bytes.toString().split('\r\n\r\n')[1]!)

  assert.equal(updateNamedIn(`stranger, 7: ${message.text}`), 1_234_567)
  assert.equal(chatId(19_999), String(message.chat.id))
  assert.equal(updateNamedIn('Hello! #12'), undefined)
})

test('a text of the caller goes out as it is', () => {
  const request = createRequest({ port: 8080, path: '/', secret: 's', text: 'Call me: #94' })
  request.patch(5, 6)

  assert.equal(JSON.parse(request.bytes.toString().split('\r\n\r\n')[1]!).message.text, 'Call me: #94')
})
