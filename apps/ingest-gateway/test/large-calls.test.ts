import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { getHeapStatistics } from 'node:v8'
import { createMailboxWriter } from '@botyard/mailbox'
import { callResponseContext, decodeInbound, encodeCallResponse, PackedBytes } from '@botyard/queue-contracts'
import { createKeyring, createNaming, createRedis } from '@botyard/service-kit'
import { startRedis } from '@botyard/testkit'
import { pino } from 'pino'
import { createCallWaiter } from '../src/call-waiter.ts'
import { createLargeCalls } from '../src/large/large-calls.ts'
import { bots, build, telegramCall } from './helper.ts'
import { openRaw } from './raw-connection.ts'

const mib = 1024 * 1024
const webhookSecret = 'secret'
const repo = { ...bots.echo, id: 'repo', platform: 'github' as const, credentials: { webhookSecret } }
const desk = { ...bots.echo, id: 'desk', platform: 'mattermost' as const, credentials: { token: 'right' } }

/** A push of so many commits, as GitHub signs it. */
function push(commits: number, { secret = webhookSecret, form = false } = {}) {
  const id = () => randomBytes(20).toString('hex')
  const files = Array.from({ length: 8 }, (_, n) => `src/some/folder/file-${n}.ts`)
  const all = Array.from({ length: commits }, () => ({ id: id(), message: `Fix ${id()}`, modified: files }))
  const payload = JSON.stringify({
    ref: 'refs/heads/main',
    repository: { id: 7 },
    sender: { id: 1 },
    commits: all,
  })
  const body = form ? `payload=${encodeURIComponent(payload)}` : payload
  return {
    method: 'POST' as const,
    url: '/hooks/github/repo',
    headers: {
      'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': id(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    payload: body,
    json: payload,
  }
}

interface Setup {
  readonly maxmemory?: number
  readonly backlogBytes?: number
  readonly defer?: 'none'
}

/** The gateway with its thread for large calls, on a Redis of its own. */
async function buildWithThread(
  t: { after(hook: () => unknown): void },
  { maxmemory = 0, backlogBytes = 1024 ** 3, defer }: Setup = {},
) {
  const server = await startRedis()
  const silent = pino({ level: 'silent' })
  const open = (role: 'commands' | 'subscriber') =>
    createRedis({ url: server.url, logger: silent, name: 'test', role })
  const [redis, subscriber] = [open('commands'), open('subscriber')]
  if (redis.status !== 'ready') await once(redis, 'ready')
  if (maxmemory > 0) await redis.config('SET', 'maxmemory', maxmemory)
  let keys = { active: 'k1', keys: { k1: randomBytes(32).toString('base64') } as Record<string, string> }
  const keyring = createKeyring(keys)
  const namingKey = randomBytes(32).toString('base64')
  const mailbox = createMailboxWriter({ redis, partitions: 1 })
  const waiter = createCallWaiter({ subscriber, keyring, logger: silent })
  const limits = {
    userLimit: { perSecond: 50, burst: 500 },
    maxBacklog: { updates: 1_000_000, bytes: backlogBytes },
  }
  const large = createLargeCalls({
    thread: {
      ...{
        redisUrl: server.url,
        partitions: 1,
        replicas: 0,
        namingKey,
        allowPrivateTargets: [],
        logLevel: 'debug',
      },
      ...{ timeoutMs: 1_800, ...limits },
    },
    keys: () => keys,
    maxBytes: 64 * mib,
    ...{ waiter, logger: silent },
  })
  t.after(async () => {
    await large.close()
    await mailbox.close()
    await waiter.close()
    for (const client of [redis, subscriber]) client.disconnect()
    await server.stop()
  })
  const gateway = await build(t, {
    known: [
      ...Object.values(bots),
      repo,
      { ...desk, settings: { ...(defer && { defer }), answerWaitMs: 60_000 } },
    ],
    deliver: mailbox.deliver,
    deps: {
      largeCalls: large,
      redis: { commands: redis },
      keyring,
      naming: createNaming(Buffer.from(namingKey, 'base64')),
    },
    options: { maxBodyBytes: 26 * mib, ...limits },
  })
  /** The stored updates of a bot, opened as a worker would. */
  async function stored(bot: string) {
    const lists = await redis.keys(`*:m:${bot}/*`)
    const updates = lists.map(async list => {
      const conversation = list.split(':m:')[1]
      return (await redis.lrangeBuffer(list, 0, -1)).map(entry => {
        const body = entry.subarray(28)
        const name = entry.subarray(12, 28).toString('base64url')
        return {
          bytes: body.length,
          hash: entry.subarray(12, 28),
          ...decodeInbound(keyring.open(body, `${conversation}|${name}`)),
        }
      })
    })
    return (await Promise.all(updates)).flat()
  }
  return {
    ...gateway,
    ...{ redis, large, stored, keyring, waiterChannel: waiter.channel },
    rotate() {
      keys = { active: 'k2', keys: { ...keys.keys, k2: randomBytes(32).toString('base64') } }
      keyring.replace(keys)
      large.replaceKeys(keys)
    },
  }
}

test('a large call is stored compressed, and the event loop parses and copies none of it', async t => {
  const { app, stored, registry } = await buildWithThread(t)
  const call = push(2_048)
  let parsed = 0
  const parse = JSON.parse
  t.mock.method(JSON, 'parse', (text: string) => {
    parsed += text.length
    return parse(text)
  })

  const answer = await app.inject(call)

  assert.equal(answer.statusCode, 200, answer.body)
  assert.ok(parsed < 1_000, `${parsed} characters were parsed`)
  const [update] = await stored('repo')
  assert.ok(update?.raw instanceof PackedBytes)
  assert.equal((await update.raw.unpack()).toString(), call.json)
  assert.deepEqual([update.update.kind, update.update.route], ['other', { event: 'push' }])
  assert.ok(update.bytes < call.payload.length / 3, `${update.bytes} of ${call.payload.length} bytes`)
  assert.match(
    await registry.metrics(),
    /botyard_updates_received_total\{platform="github",outcome="accepted"\} 1/,
  )
})

test('24 MB are stored too, JSON or form, while small calls go on', async t => {
  const { app, stored } = await buildWithThread(t)
  const calls = [push(66_000), push(22_000, { form: true })]

  const answers = await Promise.all([...calls.map(call => app.inject(call)), app.inject(telegramCall(1))])

  assert.deepEqual(
    answers.map(({ statusCode, body }) => [statusCode, body]),
    Array(3).fill([200, '{"ok":true}']),
  )
  const raws = await Promise.all((await stored('repo')).map(async ({ raw }) => (raw as PackedBytes).unpack()))
  assert.deepEqual(
    raws
      .map(raw => raw.toString())
      .sort((a, b) => b.length - a.length)
      .map((raw, i) => raw === calls[i]!.json),
    [true, true],
  )
})

test('a large call again is a duplicate, with the same answer; one that proves nothing or is no JSON is refused', async t => {
  const { app, stored, registry, logLines } = await buildWithThread(t)
  const call = push(500)
  const broken = push(500)
  const cut = broken.payload.slice(0, -1)
  const signature = `sha256=${createHmac('sha256', webhookSecret).update(cut).digest('hex')}`

  const answers = [
    await app.inject(call),
    await app.inject(call),
    await app.inject(push(500, { secret: 'other' })),
    await app.inject({
      ...broken,
      payload: cut,
      headers: { ...broken.headers, 'x-hub-signature-256': signature },
    }),
  ]

  assert.deepEqual(
    answers.map(answer => [answer.statusCode, answer.json().error?.code]),
    [
      ...[
        [200, undefined],
        [200, undefined],
      ],
      ...[
        [401, 'GTW_SIGNATURE_REFUSED'],
        [400, 'GTW_MALFORMED_JSON'],
      ],
    ],
  )
  assert.equal((await stored('repo')).length, 1)
  assert.match(await registry.metrics(), /platform="github",outcome="duplicate"\} 1/)
  assert.ok(logLines.every(({ msg }) => msg !== 'call failed'))
})

test('what strangers send counts nothing towards garbage collection, announced or not, for a bot or for none', async t => {
  const { app } = await buildWithThread(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const bytes = 20 * mib
  const body = '['.repeat(bytes)
  const announced = `content-length: ${bytes}\r\n\r\n${body}`
  const chunked = `transfer-encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`
  const signature = `x-hub-signature-256: sha256=${'0'.repeat(64)}`
  for (const [bot, rest] of [
    ['repo', announced],
    ['repo', chunked],
    ['nobody', announced],
  ]) {
    const connection = await openRaw(t, port)
    const before = getHeapStatistics().external_memory
    let max = 0
    const watch = setInterval(() => {
      max = Math.max(max, getHeapStatistics().external_memory - before)
    })
    connection.write(`POST /hooks/github/${bot} HTTP/1.1\r\nhost: x\r\n${signature}\r\n`)
    connection.write(`content-type: application/json\r\n${rest}`)

    assert.match(await connection.received(/"code"/), /GTW_SIGNATURE_REFUSED/)
    clearInterval(watch)
    assert.ok(max < 8 * mib, `${bot}: ${max} bytes`)
  }
})

test('a large call whose bytes come as they like is read as one that comes at once', async t => {
  const { app, stored } = await buildWithThread(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const call = push(2_048)
  const connection = await openRaw(t, port)
  const headers = Object.entries(call.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  connection.write(
    `POST ${call.url} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n${headers.join('')}\r\n`,
  )

  for (let at = 0, size = 1; at < call.payload.length; at += size, size = (size * 7) % 50_021) {
    const part = call.payload.slice(at, at + size)
    connection.write(`${part.length.toString(16)}\r\n${part}\r\n`)
  }
  connection.write('0\r\n\r\n')

  assert.match(await connection.received(/"ok":true/), /200 OK/)
  const [update] = await stored('repo')
  assert.equal((await (update!.raw as PackedBytes).unpack()).toString(), call.json)
})

test('a large call of a platform that is answered at once gets its answer', async t => {
  const { app } = await buildWithThread(t)
  const body = JSON.stringify({ token: 'right', channel_id: 'c', post_id: 'p', text: 'x'.repeat(200_000) })

  const answer = await app.inject({
    method: 'POST',
    url: '/hooks/mattermost/desk',
    headers: { 'content-type': 'application/json' },
    payload: body,
  })

  assert.deepEqual([answer.statusCode, answer.body], [200, '{}'])
})

test("a handler's own answer to a large call is given to the platform", async t => {
  const { app, redis, stored, keyring, waiterChannel } = await buildWithThread(t, { defer: 'none' })
  const call = app.inject({
    method: 'POST',
    url: '/hooks/mattermost/desk',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ token: 'right', channel_id: 'c', post_id: 'p', text: 'x'.repeat(200_000) }),
  })
  let updates = await stored('desk')
  while (updates.length === 0) updates = await stored('desk')

  const [{ update, hash }] = updates as [(typeof updates)[number]]
  const respond = update.respond!
  assert.equal(respond.channel, waiterChannel)
  const sealed = keyring.seal(Buffer.from('{"text":"hello"}'), callResponseContext(respond, hash))
  await redis.publish(respond.channel, encodeCallResponse({ id: respond.id, answered: true }, sealed))

  assert.equal((await call).body, '{"text":"hello"}')
})

test('after a change of keys the thread seals with the new one', async t => {
  const { app, redis, rotate } = await buildWithThread(t)
  await app.inject(push(500))

  rotate()
  await app.inject(push(500))

  const [list] = await redis.keys('*:m:repo/*')
  const entries = await redis.lrangeBuffer(list!, 0, -1)
  assert.deepEqual(
    entries.map(entry => entry.subarray(30, 32).toString()),
    ['k1', 'k2'],
  )
})

test('what the store can never hold is refused as too large before it is read, what it cannot hold now as unavailable', async t => {
  const backlog = await buildWithThread(t, { backlogBytes: 2 * mib })
  const memory = await buildWithThread(t, { maxmemory: 8 * mib })
  // On one connection commands are answered in order: then the gateway has both of its answers.
  for (let i = 0; i < 2; i++) await memory.redis.ping()

  const call = { ...push(1), headers: { ...push(1).headers, 'content-length': String(3 * mib) } }
  const [overBacklog, now, never] = [
    await backlog.app.inject(call),
    await memory.app.inject({ ...call, headers: { ...call.headers, 'content-length': String(7.9 * mib) } }),
    await memory.app.inject({ ...call, headers: { ...call.headers, 'content-length': String(9 * mib) } }),
  ]

  assert.deepEqual(
    [overBacklog, now, never].map(answer => [answer.statusCode, answer.json().error.code]),
    [
      [413, 'GTW_BODY_TOO_LARGE'],
      [503, 'GTW_STORE_UNAVAILABLE'],
      [413, 'GTW_BODY_TOO_LARGE'],
    ],
  )
})
