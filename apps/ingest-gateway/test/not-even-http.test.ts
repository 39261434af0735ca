import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { build, telegramCall } from './helper.ts'
import { openRaw, wire } from './raw-connection.ts'

const cases: [what: string, sent: string, status: number, code: string][] = [
  ['nonsense', 'hello\r\n\r\n', 400, 'GTW_BAD_REQUEST'],
  [
    'headers of 20 KB',
    `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
    431,
    'GTW_HEADERS_TOO_LARGE',
  ],
  [
    'two lengths',
    'POST /hooks/telegram/echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}',
    400,
    'GTW_BAD_REQUEST',
  ],
  [
    'a length and chunks',
    'POST /hooks/telegram/echo HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'GTW_BAD_REQUEST',
  ],
]

for (const [what, sent, status, code] of cases) {
  test(`${what}: answered ${status} ${code}, connection closed, and the next caller served`, async t => {
    const { app } = await build(t)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const connection = await openRaw(t, port)

    connection.write(sent)

    const answer = await connection.closed
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `))
    assert.ok(answer.includes(`"code":"${code}"`), answer)
    const next = await openRaw(t, port)
    next.write(wire(telegramCall(1)))
    assert.match(await next.received(/"ok":true/), /200 OK/)
  })
}

test('an unknown platform is refused before the body has arrived', async t => {
  const { app } = await build(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const connection = await openRaw(t, (app.server.address() as AddressInfo).port)

  connection.write(
    'POST /hooks/fax/nobody HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99999\r\n\r\n',
  )

  assert.match(await connection.received(/GTW_NOT_FOUND/), /^HTTP\/1.1 404/)
})
