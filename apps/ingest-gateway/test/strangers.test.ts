import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { test } from 'node:test'
import { bots, build, telegramCall } from './helper.ts'
import { openRaw, wire } from './raw-connection.ts'

const mib = 1024 * 1024
const github = {
  ...bots.echo,
  id: 'repo',
  platform: 'github' as const,
  credentials: { webhookSecret: 'secret' },
}

async function listen(app: Awaited<ReturnType<typeof build>>['app']): Promise<number> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as AddressInfo).port
}

const head = (bytes: number, path = '/hooks/github/repo') =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n`

test('of 24 unfinished bodies of 24 MB as many are read as the address may, and its small calls go on', async t => {
  const { app, events } = await build(t, { known: [bots.echo, github], options: { maxBodyBytes: 26 * mib } })
  const port = await listen(app)
  const connections = []
  for (let i = 0; i < 24; i++) {
    const connection = await openRaw(t, port)
    connection.write(head(24 * mib))
    // The next is sent once this one is in hand: refused, or with the first part of its body read.
    if (i > 0) assert.match(await connection.received(/GTW_ADDRESS_BUSY/), /^HTTP\/1.1 429.*retry-after: 2/s)
    else connection.write('{'.repeat(65_536))
    connections.push(connection)
  }

  const small = await openRaw(t, port)
  small.write(wire(telegramCall(1)))

  assert.match(await small.received(/"ok":true/), /200 OK/)
  assert.equal(events.filter(({ fields }) => fields.limit === 'bytes').length, 23)
})

test('room that a caller gives up by hanging up is there for the next', async t => {
  const { app } = await build(t, { known: [github], options: { maxBodyBytes: 26 * mib } })
  const port = await listen(app)
  for (let i = 0; i < 3; i++) {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const inHand = once(app.server, 'request')
    socket.write(head(24 * mib))
    const [request] = await inHand
    const gone = once(request.socket, 'close')
    socket.destroy()
    await gone
  }

  const last = await openRaw(t, port)
  last.write(`${head(20 * mib)}${'x'.repeat(20 * mib)}`)

  assert.match(await last.received(/"code"/), /GTW_SIGNATURE_REFUSED/)
})

test('large bodies of all callers together are answered 503 before they are read', async t => {
  const { app } = await build(t, {
    known: [github],
    options: { maxBodyBytes: 26 * mib, maxBytesInFlight: 30 * mib, trustProxy: ['127.0.0.1'] },
  })
  const port = await listen(app)
  const from = (address: string) =>
    head(15 * mib).replace('host: x', `host: x\r\nx-forwarded-for: ${address}`)
  const first = await openRaw(t, port)
  const inHand = once(app.server, 'request')
  first.write(from('203.0.113.1'))
  await inHand

  const second = await openRaw(t, port)
  second.write(from('203.0.113.2'))

  assert.match(await second.received(/GTW_BUSY/), /^HTTP\/1.1 503.*retry-after: 2/s)
})

test('an unknown bot and a wrong secret are answered alike, to the byte, up to the limit of failures', async t => {
  const answersTo = async (url: string) => {
    const { app } = await build(t, { options: { ipFailuresPerMinute: 2 } })
    const call = telegramCall(1, 'x', { 'x-telegram-bot-api-secret-token': 'no' })
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await app.inject({ ...call, url }))
    return answers.map(({ statusCode, headers, body }) => ({
      ...{ statusCode, body },
      headers: { ...headers, date: '', 'retry-after': headers['retry-after'] === undefined ? '' : 'some' },
    }))
  }

  const known = await answersTo('/hooks/telegram/echo')
  const unknown = await answersTo('/hooks/telegram/nobody')

  assert.deepEqual(unknown, known)
  assert.deepEqual(
    known.map(({ statusCode }) => statusCode),
    [401, 401, 429, 429],
  )
})

test("bodies of the wrong type and size, and platforms' GETs, are answered alike whether there is such a bot or not", async t => {
  const { app } = await build(t, { known: [bots.echo, { ...github, platform: 'messenger', id: 'page' }] })
  const pairs: [known: object, unknown: object][] = [
    [
      { ...telegramCall(1), headers: {} },
      { ...telegramCall(1), headers: {}, url: '/hooks/telegram/nobody' },
    ],
    [
      telegramCall(1, 'x'.repeat(2 * mib)),
      { ...telegramCall(1, 'x'.repeat(2 * mib)), url: '/hooks/telegram/nobody' },
    ],
    [
      { method: 'GET', url: '/hooks/telegram/echo' },
      { method: 'GET', url: '/hooks/telegram/nobody' },
    ],
    [
      { method: 'GET', url: '/hooks/messenger/page' },
      { method: 'GET', url: '/hooks/messenger/nobody' },
    ],
  ]
  for (const [known, unknown] of pairs) {
    const [first, second] = [await app.inject(known), await app.inject(unknown)]
    assert.deepEqual([second.statusCode, second.body], [first.statusCode, first.body])
  }
})

test("an unknown bot's body is read and dropped, and told as one event", async t => {
  const { app, events } = await build(t)

  await app.inject({ ...telegramCall(1), url: '/hooks/telegram/nobody' })

  const fields = { bot: 'nobody', platform: 'telegram', reason: 'unknown bot', ip: '127.0.0.1' }
  assert.deepEqual(events, [{ event: 'security.secret_refused', fields }])
})

test("behind a trusted proxy a stranger's port does not make him a new caller with every call", async t => {
  const { app } = await build(t, { options: { ipFailuresPerMinute: 2, trustProxy: ['127.0.0.1'] } })
  const statuses: number[] = []
  for (const forwarded of [
    '203.0.113.7:50001',
    '203.0.113.7:50002',
    '[::ffff:203.0.113.7]:50003',
    '203.0.113.7',
  ]) {
    const headers = { 'x-telegram-bot-api-secret-token': 'no', 'x-forwarded-for': forwarded }
    statuses.push((await app.inject(telegramCall(1, 'x', headers))).statusCode)
  }

  assert.deepEqual(statuses, [401, 401, 429, 429])
})

test('beyond its connections an address gets no further one, until one of them ends', async t => {
  const { app, registry } = await build(t, { options: { maxConnectionsPerAddress: 2 } })
  const port = await listen(app)
  const accepted = once(app.server, 'connection')
  const [first, second] = [await openRaw(t, port), await openRaw(t, port)]
  const [socket] = await accepted
  for (const connection of [first, second]) {
    connection.write(wire(telegramCall(1)))
    await connection.received(/"ok":true/)
  }

  const third = await openRaw(t, port)
  assert.equal(await third.closed, '')
  const gone = once(socket, 'close')
  first.end()
  await gone
  const fourth = await openRaw(t, port)
  fourth.write(wire(telegramCall(2)))

  assert.match(await fourth.received(/"ok":true/), /200 OK/)
  assert.match(await registry.metrics(), /botyard_connections_refused_total\{limit="address"\} 1/)
})

test('a trusted proxy has as many connections as the process, and they are kept whatever its clients do', async t => {
  const { app, registry } = await build(t, {
    options: { maxConnectionsPerAddress: 1, maxConnections: 3, trustProxy: ['127.0.0.1'] },
  })
  const port = await listen(app)
  const open = [await openRaw(t, port), await openRaw(t, port), await openRaw(t, port)]

  const dropped = await openRaw(t, port)
  await dropped.closed
  for (const [i, connection] of open.entries()) {
    connection.write(wire(telegramCall(i, 'x', { 'x-telegram-bot-api-secret-token': 'no' })))
    assert.doesNotMatch(await connection.received(/GTW_SIGNATURE_REFUSED".*}}/s), /connection: close/)
    connection.write(wire(telegramCall(i)))
    await connection.received(/"ok":true/)
  }
  assert.match(await registry.metrics(), /botyard_connections_refused_total\{limit="process"\} 1/)
})

test("a stranger's connection ends with the refusal: idle ones are kept for long", async t => {
  const { app } = await build(t)
  const port = await listen(app)
  const connection = await openRaw(t, port)

  connection.write(wire(telegramCall(1, 'x', { 'x-telegram-bot-api-secret-token': 'no' })))

  assert.match(await connection.closed, /^HTTP\/1.1 401/)
  assert.equal(app.server.keepAliveTimeout, 60_000)
})

test('refusals by the thousand are all counted, and few of them are logged', async t => {
  const { app, logLines, registry } = await build(t)
  for (let i = 0; i < 300; i++) await app.inject({ method: 'POST', url: '/hooks/fax/echo' })

  const lines = logLines.filter(({ msg }) => msg === 'call refused').length
  assert.ok(lines >= 50 && lines <= 150, `${lines} lines`)
  assert.match(await registry.metrics(), /botyard_webhook_refusals_total\{code="GTW_NOT_FOUND"\} 300/)
})
