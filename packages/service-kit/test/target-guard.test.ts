import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import test, { type TestContext } from 'node:test'
import { fetch, request } from 'undici'
import { createTargetGuard } from '../src/index.ts'

const guardOf = (t: TestContext, options: Parameters<typeof createTargetGuard>[0]) => {
  const guard = createTargetGuard(options)
  t.after(() => guard.dispatcher.close())
  return guard
}

/** A server on 127.0.0.1 that counts the requests which reached it. */
async function startServer(
  t: TestContext,
  answer: RequestListener = (_request, response) => response.end('inside'),
) {
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { port: (server.address() as AddressInfo).port, requests: () => requests }
}

/** Resolves every name to these addresses, one list a call, the last one for ever. */
function resolvingTo(...answers: string[][]): LookupFunction {
  return (_hostname, _options, callback) => {
    const addresses = answers.length > 1 ? answers.shift()! : answers[0]!
    callback(
      null,
      addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
}

const privateHosts = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0177.0.0.1',
  '0x7f.0.0.1',
  '0x7f000001',
  '①②⑦.0.0.1',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '100.100.100.200',
  '169.254.169.254',
  '168.63.129.16',
  '192.0.0.192',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:a9fe:a9fe]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[fec0::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  'localhost',
  'LOCALHOST',
]

test('private, local and reserved addresses are refused in every way to write them', async t => {
  const { check, dispatcher } = guardOf(t, { allow: [] })

  for (const host of privateHosts) {
    const refusal = { name: 'TargetRefusedError', code: 'OUT_TARGET_REFUSED', reason: 'private' }
    await assert.rejects(check(`https://${host}/bot1:token`), refusal, host)
    await assert.rejects(request(`http://${host}/`, { dispatcher }), refusal, host)
  }
})

test('public addresses pass', async t => {
  const { check } = guardOf(t, {
    allow: [],
    lookup: resolvingTo(['149.154.167.220', '2001:67c:4e8:f004::9']),
  })

  await check('https://api.telegram.org')
  await check('https://8.8.8.8:8443/path')
  await check('http://[2001:4860:4860::8888]/')
  await check('http://[64:ff9b::808:808]/')
})

test('other schemes, other text and names without an address are refused, and a path never stands in the error', async t => {
  const away = Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' })
  const { check } = guardOf(t, { allow: [], lookup: (_hostname, _options, callback) => callback(away, '') })

  await assert.rejects(check('ftp://8.8.8.8/'), { reason: 'scheme' })
  await assert.rejects(check('file:///etc/passwd'), { reason: 'scheme' })
  await assert.rejects(check('api.telegram.org'), { reason: 'malformed' })
  await assert.rejects(check('https://nowhere.example/bot1:hunter2'), (error: Error & { reason: string }) => {
    assert.deepEqual([error.reason, error.cause], ['unresolved', away])
    assert.doesNotMatch(error.message, /hunter2/)
    return true
  })
})

test('a name that resolves to a private address is refused when checked and when called', async t => {
  const inside = await startServer(t)
  const { check, dispatcher } = guardOf(t, {
    allow: [],
    lookup: resolvingTo(['127.0.0.1', '::ffff:10.0.0.1']),
  })

  await assert.rejects(check(`http://bot.example:${inside.port}`), { code: 'OUT_TARGET_REFUSED' })
  await assert.rejects(request(`http://bot.example:${inside.port}`, { dispatcher }), {
    code: 'OUT_TARGET_REFUSED',
  })
  assert.equal(inside.requests(), 0)
})

test('a name that turns private after it was checked is refused when called', async t => {
  const inside = await startServer(t)
  const { check, dispatcher } = guardOf(t, { allow: [], lookup: resolvingTo(['8.8.8.8'], ['127.0.0.1']) })
  const url = `http://rebound.example:${inside.port}`

  await check(url)

  await assert.rejects(request(url, { dispatcher }), { code: 'OUT_TARGET_REFUSED' })
  assert.equal(inside.requests(), 0)
})

test('of several addresses only those that pass are connected to', async t => {
  const inside = await startServer(t)
  const { dispatcher } = guardOf(t, {
    allow: ['127.0.0.1'],
    lookup: resolvingTo(['127.0.0.2', '::1', '127.0.0.1']),
  })

  const { body } = await request(`http://mixed.example:${inside.port}`, { dispatcher })

  assert.equal(await body.text(), 'inside')
})

test('a private address passes within an allowed range, by number, name and mapped form, and no other', async t => {
  const inside = await startServer(t)
  const { check, dispatcher } = guardOf(t, { allow: ['127.0.0.0/8', 'fd12::/16', '10.0.0.7'] })

  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
    await check(`http://${host}:${inside.port}`)
  }
  const { body } = await request(`http://localhost:${inside.port}`, { dispatcher })
  assert.equal(await body.text(), 'inside')
  await check('http://[fd12::1]')
  await check('http://10.0.0.7')
  await assert.rejects(check('http://10.0.0.8'), { reason: 'private' })
  await assert.rejects(check('http://[fd13::1]'), { reason: 'private' })
})

test('a redirect is not followed, and into the private network not even by a client that follows', async t => {
  const inside = await startServer(t)
  const redirecting = await startServer(t, (_request, response) => {
    response.writeHead(307, { location: `http://127.0.0.2:${inside.port}/` }).end()
  })
  const { dispatcher } = guardOf(t, { allow: ['127.0.0.1'] })
  const url = `http://127.0.0.1:${redirecting.port}`

  const { statusCode, body } = await request(url, { dispatcher })
  await body.dump()

  assert.equal(statusCode, 307)
  await assert.rejects(fetch(url, { dispatcher }), (error: Error) => {
    assert.equal((error.cause as { code: string }).code, 'OUT_TARGET_REFUSED')
    return true
  })
  assert.equal(inside.requests(), 0)
})
