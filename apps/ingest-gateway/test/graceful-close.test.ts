import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createLatch } from '@botyard/testkit'
import { build, telegramCall } from './helper.ts'
import { openRaw, wire } from './raw-connection.ts'

test('a call under way when the app closes is answered', async t => {
  const begun = createLatch()
  const stored = createLatch<'accepted'>()
  const { app } = await build(t, {
    deliver: () => {
      begun.open()
      return stored.wait()
    },
    options: { drainMs: 5_000 },
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const connection = await openRaw(t, (app.server.address() as AddressInfo).port)
  connection.write(wire(telegramCall(1)))
  await begun.wait()

  const closing = app.close()
  stored.open('accepted')

  assert.match(await connection.received(/"ok":true/), /^HTTP\/1.1 200/)
  connection.end()
  await closing
})

test('a connection that idles when the app closes gets its next call answered, and is asked to close', async t => {
  const { app } = await build(t, { options: { drainMs: 5_000 } })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const connection = await openRaw(t, port)
  connection.write(wire(telegramCall(1)))
  await connection.received(/"ok":true/)

  const closing = app.close()
  await assert.rejects(openRaw(t, port), { code: 'ECONNREFUSED' })
  connection.write(wire(telegramCall(2)))

  const all = await connection.closed
  assert.equal(all.match(/HTTP\/1.1 200 OK/g)?.length, 2)
  assert.match(all, /connection: close/i)
  await closing
})

test('a connection that stays idle is cut when the drain time is over', async t => {
  const { app } = await build(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const connection = await openRaw(t, (app.server.address() as AddressInfo).port)
  connection.write(wire(telegramCall(1)))
  await connection.received(/"ok":true/)

  await app.close()

  assert.match(await connection.closed, /200 OK/)
})

test('a call that never arrives in full does not hold the close up', async t => {
  const { app } = await build(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const connection = await openRaw(t, (app.server.address() as AddressInfo).port)
  connection.write('POST /hooks/fax/nobody HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n')
  await connection.received(/GTW_NOT_FOUND/)

  await app.close()

  assert.match(await connection.closed, /404/)
})
