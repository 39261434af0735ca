import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createResponseParser } from '../../src/bench/load/response-parser.ts'

const answers =
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nOK' +
  'HTTP/1.1 204 No Content\r\n\r\n' +
  'HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 17\r\n\r\n{"code":"GTW_X"}\n' +
  'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'

test('answers are told apart wherever the network cuts them', () => {
  const bytes = Buffer.from(answers)

  for (let size = 1; size <= bytes.length; size++) {
    const statuses: number[] = []
    const push = createResponseParser(status => statuses.push(status))
    for (let at = 0; at < bytes.length; at += size) push(bytes.subarray(at, at + size))

    assert.deepEqual(statuses, [200, 204, 503, 200], `in pieces of ${size}`)
  }
})

test('a head cut in two survives that its buffer is used again', () => {
  const statuses: number[] = []
  const push = createResponseParser(status => statuses.push(status))
  const buffer = Buffer.from('HTTP/1.1 401 Unauthorized\r\nconte')

  push(buffer)
  buffer.fill(0)
  push(Buffer.from('nt-length: 0\r\n\r\n'))

  assert.deepEqual(statuses, [401])
})

test('an answer whose end cannot be told is an error, not a guess', () => {
  const push = createResponseParser(() => {})

  assert.throws(
    () => push(Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')),
    /content-length/,
  )
})
