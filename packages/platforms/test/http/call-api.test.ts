import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { Agent } from 'undici'
import { callApi } from '../../src/http/call-api.ts'
import { localServer } from './local-server.ts'

const never = new AbortController().signal

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  return address.port
}

async function resultOf(url: string, signal: AbortSignal, dispatcher: Agent) {
  const posted = await callApi({ url, body: '{}' }, { dispatcher, signal })
  assert.ok('result' in posted, 'there was an answer')
  return posted.result
}

test('a refused connection was not sent: it is tried again and counts', async t => {
  const dispatcher = new Agent()
  t.after(() => dispatcher.destroy())
  const server = createServer()
  const port = await listen(server)
  await new Promise(resolve => server.close(resolve))

  const result = await resultOf(`http://127.0.0.1:${port}/`, never, dispatcher)

  assert.deepEqual(result, {
    status: 'retry',
    afterMs: undefined,
    counts: true,
    reason: 'not sent: ECONNREFUSED',
  })
})

test('a name that does not resolve was not sent: it is tried again and counts', async t => {
  const dispatcher = new Agent()
  t.after(() => dispatcher.destroy())

  const result = await resultOf('http://no-such-host.invalid/', never, dispatcher)

  assert.ok(result.status === 'retry' && result.counts)
})

test('a refused target is final, whatever made the connection refuse it', async t => {
  const lookup = (_host: string, _options: unknown, callback: (error: Error) => void) =>
    callback(Object.assign(new Error('private'), { code: 'OUT_TARGET_REFUSED' }))
  const dispatcher = new Agent({ connect: { lookup: lookup as never } })
  t.after(() => dispatcher.destroy())

  const result = await resultOf('http://intranet.example/', never, dispatcher)

  assert.deepEqual(result, {
    status: 'failed',
    blame: 'message',
    reason: 'not sent: OUT_TARGET_REFUSED',
    shown: false,
  })
})

test('what is no url is final', async t => {
  const dispatcher = new Agent()
  t.after(() => dispatcher.destroy())

  assert.equal((await resultOf('http://[/', never, dispatcher)).status, 'failed')
})

test('a connection reset after the request left is uncertain', async t => {
  const dispatcher = new Agent()
  const server = createServer(socket => socket.once('data', () => socket.resetAndDestroy()))
  const port = await listen(server)
  t.after(async () => {
    await dispatcher.destroy()
    await new Promise(resolve => server.close(resolve))
  })

  const result = await resultOf(`http://127.0.0.1:${port}/`, never, dispatcher)

  assert.equal(result.status, 'uncertain')
})

test('an abort while the platform has not answered is uncertain', async t => {
  const controller = new AbortController()
  const { origin, options } = await localServer(t, () => controller.abort())

  const posted = await callApi({ url: origin, body: '{}' }, { ...options, signal: controller.signal })

  assert.deepEqual(posted, { result: { status: 'uncertain', reason: 'no answer: AbortError' } })
})

test('an abort before a connection stands was not sent; only a time-out counts as a try', async t => {
  // Nobody ever answers the handshake: the lookup is held back.
  const dispatcher = new Agent({ connect: { lookup: () => undefined } })
  t.after(() => dispatcher.destroy())
  const aborts: [unknown, boolean][] = [
    [new DOMException('took too long', 'TimeoutError'), true],
    [new DOMException('shutdown', 'AbortError'), false],
    ['a plain reason', false],
  ]
  for (const [reason, counts] of aborts) {
    const controller = new AbortController()

    const result = resultOf('http://slow.example/', controller.signal, dispatcher)
    controller.abort(reason)

    const { status, ...rest } = (await result) as { status: string; counts?: boolean }
    assert.equal(status, 'retry')
    assert.equal(rest.counts, counts)
  }
})

test('a send aborted while it waited for a connection never leaves later', async t => {
  const { origin, received } = await localServer(t, (_request, response) => response.end())
  const lookedUp = Promise.withResolvers<() => void>()
  const lookup = (_host: string, _options: unknown, callback: (error: null, found: object[]) => void) => {
    const connect = () => callback(null, [{ address: '127.0.0.1', family: 4 }])
    // The first look-up waits for the test; the client looks up again for what is left.
    if (released) connect()
    else lookedUp.resolve(connect)
  }
  let released = false
  const dispatcher = new Agent({ connections: 1, connect: { lookup: lookup as never } })
  t.after(() => dispatcher.destroy())
  const controller = new AbortController()
  const url = `http://held.example:${new URL(origin).port}/`

  const aborted = callApi({ url, body: '"aborted"' }, { dispatcher, signal: controller.signal })
  const kept = callApi({ url, body: '"kept"' }, { dispatcher, signal: never })
  const connect = await lookedUp.promise
  controller.abort()
  released = true
  connect()

  assert.deepEqual(await aborted, {
    result: { status: 'retry', afterMs: undefined, counts: false, reason: 'not sent: AbortError' },
  })
  assert.ok('answer' in (await kept))
  assert.deepEqual(
    received.map(({ body }) => body),
    ['"kept"'],
  )
})

test('a client that is closed under the send is a shutdown and no try', async () => {
  const dispatcher = new Agent()
  await dispatcher.close()

  const result = await resultOf('http://127.0.0.1:9/', never, dispatcher)

  assert.ok(result.status === 'retry' && !result.counts)
})
