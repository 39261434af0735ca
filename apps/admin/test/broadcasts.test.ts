import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { Readable } from 'node:stream'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createBotStore, migrateControl } from '@botyard/control-database'
import { createBroadcastStore } from '@botyard/control-database/broadcasts'
import { countDeletions } from '@botyard/control-database/testing'
import { startPostgres, type TestPostgres } from '@botyard/testkit'
import { build, codeOf, keyring, openDatabase, silent, telegramCredentials, tokenOf } from './helper.ts'

let postgres: TestPostgres
before(async () => {
  postgres = await startPostgres()
})
after(() => postgres.stop())

async function setUp(t: TestContext) {
  const db = openDatabase(t, await postgres.createDatabase())
  await migrateControl(db, silent)
  await createBotStore(db, keyring).insert({
    id: 'shop',
    platform: 'telegram',
    handler: 'echo',
    credentials: telegramCredentials,
    settings: {},
  })
  const { app, call } = await build(t, { db })
  async function upload(
    lines: Iterable<string>,
    { path = '/bots/shop/broadcasts', type = 'application/x-ndjson' } = {},
  ) {
    const answer = await app.inject({
      method: 'POST',
      url: `/api/v1${path}`,
      headers: { authorization: `Bearer ${tokenOf('operator')}`, 'content-type': type },
      payload: Readable.from([...lines].map(line => `${line}\n`)),
    })
    return { status: answer.statusCode, body: answer.json() }
  }
  return { app, db, call, upload, broadcasts: createBroadcastStore(db, keyring) }
}

test('a broadcast is taken line by line and starts when the last recipient is there', async t => {
  const { upload, broadcasts } = await setUp(t)
  const recipients = Array.from({ length: 5_000 }, (_, i) => (i % 2 ? `"${i}"` : `{"conversation":"${i}"}`))

  const { status, body } = await upload(['{"native":{"method":"sendPhoto","photo":"x"}}', '', ...recipients])

  assert.equal(status, 202)
  assert.deepEqual([body.state, body.recipients, body.released], ['running', 5_000, 0])
  const [leased] = (await broadcasts.lease('me', 1_000)).broadcasts
  assert.deepEqual(leased?.message, { native: { method: 'sendPhoto', photo: 'x' } })
  assert.deepEqual(await broadcasts.recipients(body.id, 4_998, 9), [
    { n: 4_998, conversation: '4998' },
    { n: 4_999, conversation: '4999' },
  ])
})

test('a broadcast that asks for more than a message is refused, and nothing of it is stored', async t => {
  const { upload, call } = await setUp(t)

  const answers = [
    await upload(['{"native":{"method":"setWebhook","url":"https://evil.example"}}', '"100"']),
    await upload(['{"native":{"method":"sendMessage","chat_id":7,"text":"to one"}}', '"100"']),
  ]

  assert.deepEqual(
    answers.map(({ status, body }) => [status, body.error.code, body.error.path]),
    [
      [400, 'ADM_INVALID_REQUEST', '/1/native'],
      [400, 'ADM_INVALID_REQUEST', '/1/native/chat_id'],
    ],
  )
  assert.match(answers[0]!.body.error.message, /"setWebhook".*sendMessage/)
  assert.deepEqual((await call('GET', '/bots/shop/broadcasts')).body, { broadcasts: [] })
})

test('the audit log has what a broadcast asks of the platform, and how many it is for', async t => {
  const { upload, call } = await setUp(t)
  const { body } = await upload(['{"native":{"method":"sendPhoto","photo":"x"}}', '"100"', '"101"'])

  const { entries } = (await call('GET', '/audit-log')).body as {
    entries: { action: string; details: object }[]
  }

  assert.deepEqual(entries.find(({ action }) => action === 'broadcast.create')?.details, {
    ...{ broadcast: body.id, method: 'sendPhoto', recipients: 2 },
  })
})

test('a message that is too long for its platform is refused, before any recipient gets a dead letter for it', async t => {
  const { upload, broadcasts } = await setUp(t)
  const long = 'x'.repeat(4_097)

  for (const [message, path] of [
    [{ text: long }, '/1/text'],
    [{ native: { method: 'sendMessage', text: long } }, '/1/native'],
  ] as const) {
    const { status, body } = await upload([JSON.stringify(message), '"1"'])

    assert.deepEqual([status, body.error.code, body.error.path], [400, 'ADM_INVALID_REQUEST', path])
    assert.match(body.error.message, /4,?096/)
  }
  assert.deepEqual(await broadcasts.list('shop', 10), [])
  assert.equal((await upload([JSON.stringify({ text: 'x'.repeat(4_096) }), '"1"'])).status, 202)
})

test('a broadcast is steered, watched, and tells what became of each recipient', async t => {
  const { app, upload, call, broadcasts } = await setUp(t)
  const { body } = await upload(['{"text":"Sale"}', '"100"', '"101"'], {
    path: '/bots/shop/broadcasts?paused=true',
  })
  const at = `/bots/shop/broadcasts/${body.id}`

  assert.equal(body.state, 'paused')
  assert.equal(((await call('POST', `${at}/resume`)).body as { state: string }).state, 'running')
  await broadcasts.record([
    { kind: 'broadcast-result', bot: 'shop', broadcast: body.id, n: 0, outcome: 'sent', atMs: 0 },
  ])
  const watched = (await call('GET', at, undefined, 'viewer')).body as { sent: number }
  const results = await app.inject({
    url: `/api/v1${at}/results`,
    headers: { authorization: `Bearer ${tokenOf('operator')}` },
  })

  assert.equal(watched.sent, 1)
  assert.deepEqual(
    results.payload
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line)),
    [
      { n: 0, conversation: '100', outcome: 'sent', reason: null, at: '1970-01-01T00:00:00.000Z' },
      { n: 1, conversation: '101', outcome: null, reason: null, at: null },
    ],
  )
  assert.equal(((await call('POST', `${at}/cancel`)).body as { state: string }).state, 'cancelled')
  assert.deepEqual(codeOf(await call('POST', `${at}/resume`)), 'ADM_BROADCAST_ENDED')
  assert.equal((await call('GET', '/bots/shop/broadcasts')).status, 200)
  assert.deepEqual(codeOf(await call('POST', `${at}/pause`, undefined, 'viewer')), 'ADM_ROLE_INSUFFICIENT')
})

test('a bad line is named, and nothing of its upload stays', async t => {
  const { upload, call, db } = await setUp(t)
  const cases: [string[], string][] = [
    [[], '/1'],
    [['"100"'], '/1'],
    [['{"text":""}', '"100"'], '/1'],
    [['{"text":"a"}', '"100"', '101'], '/3'],
    [['{"text":"a"}', '"100"', '{"conversation":"1","x":1}'], '/3'],
    [['{"text":"a"}', '"100', '"101"'], '/2'],
    [['{"text":"a"}', `"${'1'.repeat(70_000)}"`], '/2'],
  ]
  for (const [lines, path] of cases) {
    const { status, body } = await upload(lines)
    assert.deepEqual([status, body.error.code, body.error.path], [400, 'ADM_INVALID_REQUEST', path])
  }

  assert.deepEqual((await call('GET', '/bots/shop/broadcasts')).body, { broadcasts: [] })
  assert.deepEqual(await db.selectFrom('broadcast_recipients').selectAll().execute(), [])
  assert.equal((await upload([], { type: 'application/json' })).status, 400)
  assert.equal((await upload(['{}'], { type: 'application/json' })).body.error.code, 'ADM_NDJSON_EXPECTED')
  assert.equal(
    (await upload(['{"text":"a"}'], { path: '/bots/nobody/broadcasts' })).body.error.code,
    'ADM_UNKNOWN_BOT',
  )
})

test('an upload that breaks off sends nothing', async t => {
  const { app, db } = await setUp(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const socket = connect(port, '127.0.0.1')
  socket.write(
    `POST /api/v1/bots/shop/broadcasts HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${tokenOf('owner')}\r\n` +
      'content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n1c\r\n{"text":"Sale"}\n"100"\n"101"\n\r\n',
  )
  const rows = () => db.selectFrom('broadcasts').select('state').execute()
  while ((await rows()).length === 0) await delay(5)

  socket.destroy()

  while ((await rows()).length > 0) await delay(5)
})

for (const [what, lines] of [
  ['message', 'no json\n'],
  ['recipient', '{"text":"Sale"}\n"100"\n7\n'],
]) {
  test(`a bad ${what} is answered to who first sends all the rest, too`, async t => {
    const { app } = await setUp(t)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const bytes = 32 * 1024 * 1024
    const socket = connect(port, '127.0.0.1')

    const head = [
      'POST /api/v1/bots/shop/broadcasts HTTP/1.1',
      'host: admin',
      `authorization: Bearer ${tokenOf('operator')}`,
      'content-type: application/x-ndjson',
      `content-length: ${lines!.length + bytes}`,
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n${lines}`)
    // Called back when the system has taken the last byte.
    await new Promise(sent => socket.write(Buffer.alloc(bytes, '"100"\n'), sent))
    const [answer] = await once(socket, 'data')
    socket.destroy()

    assert.match(String(answer), /^HTTP\/1\.1 400 /)
  })
}

test('a bot goes with its broadcasts, however many recipients they have', async t => {
  const { db, call, upload } = await setUp(t)
  await upload(['{"text":"Sale"}', ...Array.from({ length: 6_000 }, (_, i) => `"${i}"`)])
  const statements = await countDeletions(db, 'broadcast_recipients')

  const answer = await call('DELETE', '/bots/shop')

  assert.equal(answer.status, 200)
  assert.deepEqual(await db.selectFrom('broadcast_recipients').select('n').limit(1).execute(), [])
  const most = Math.max(...(await statements()))
  assert.ok(most <= 5_000, `${most} recipients in one statement`)
})
