import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSigner } from 'fast-jwt'
import { signToken, tokenIssuer } from '../src/sign-token.ts'
import { build, jwtKeys, tokenOf } from './helper.ts'

const hourMs = 3_600_000
const secretOf = (kid: 'a1' | 'a2') => Buffer.from(jwtKeys.keys[kid], 'base64')
const good = { key: secretOf('a2'), kid: 'a2', iss: tokenIssuer, sub: 'alice', expiresIn: hourMs }

/** Tokens that must not pass, by what is wrong with them. */
const badTokens: Record<string, { token: string; code?: string }> = {
  'not a token': { token: 'abc' },
  'an empty signature': { token: tokenOf('owner').replace(/[^.]+$/, '') },
  'another key under a known id': {
    token: createSigner({ ...good, key: Buffer.alloc(32, 1) })({ role: 'owner' }),
  },
  'an unknown key id': { token: createSigner({ ...good, kid: 'a9' })({ role: 'owner' }) },
  'a key id that names a property of every object': {
    token: createSigner({ ...good, kid: 'constructor' })({ role: 'owner' }),
  },
  'no key id': { token: createSigner({ ...good, kid: undefined as never })({ role: 'owner' }) },
  'no signature at all': {
    token: createSigner({ algorithm: 'none', kid: 'a2', iss: tokenIssuer, sub: 'a', expiresIn: hourMs })({
      role: 'owner',
    }),
  },
  'another algorithm': { token: createSigner({ ...good, algorithm: 'HS512' })({ role: 'owner' }) },
  'another issuer': { token: createSigner({ ...good, iss: 'elsewhere' })({ role: 'owner' }) },
  'no end': {
    token: createSigner({ key: secretOf('a2'), kid: 'a2', iss: tokenIssuer, sub: 'alice' })({
      role: 'owner',
    }),
  },
  'no subject': {
    token: createSigner({ key: secretOf('a2'), kid: 'a2', iss: tokenIssuer, expiresIn: hourMs })({
      role: 'owner',
    }),
  },
  'an unknown role': { token: createSigner(good)({ role: 'root' }) },
  'an end in the past': {
    token: createSigner({ ...good, clockTimestamp: Date.now() - 2 * hourMs })({ role: 'owner' }),
    code: 'ADM_TOKEN_EXPIRED',
  },
}

for (const [what, { token, code = 'ADM_TOKEN_INVALID' }] of Object.entries(badTokens))
  test(`a token with ${what} is refused, and told without being shown`, async t => {
    const { app, events, logText } = await build(t)

    const answer = await app.inject({ url: '/api/v1/bots', headers: { authorization: `Bearer ${token}` } })

    assert.equal(answer.statusCode, 401)
    assert.equal(answer.json().error.code, code)
    assert.equal(answer.headers['www-authenticate'], 'Bearer')
    assert.deepEqual(
      events.map(({ event, fields }) => [event, fields.reason]),
      [['security.token_refused', code]],
    )
    assert.ok(
      !logText().includes(token) && !JSON.stringify(events).includes(token) && !answer.body.includes(token),
    )
  })

test('a request without a token is told how to get one', async t => {
  const { app, events } = await build(t)

  for (const headers of [{}, { authorization: 'Basic YTpi' }]) {
    const answer = await app.inject({ url: '/api/v1/bots', headers })
    assert.equal(answer.statusCode, 401)
    assert.equal(answer.json().error.code, 'ADM_TOKEN_MISSING')
    assert.match(answer.json().error.message, /npm run issue-token/)
  }
  assert.equal(events.length, 2)
})

test('tokens of every key in the set are accepted, so that keys can be rotated', async t => {
  const { app } = await build(t)

  for (const active of ['a1', 'a2']) {
    const token = signToken({ ...jwtKeys, active }, { subject: 'alice', role: 'viewer', hours: 1 })
    const answer = await app.inject({ url: '/api/v1/bots', headers: { authorization: `Bearer ${token}` } })
    // Past the door: what fails behind it is the database, which is away.
    assert.equal(answer.json().error.code, 'ADM_UNAVAILABLE')
  }
})

test('roles: a viewer changes nothing, an operator neither replaces credentials nor deletes', async t => {
  const { call, events } = await build(t)
  const refused = [
    await call('POST', '/bots', {}, 'viewer'),
    await call('PATCH', '/bots/shop', { handler: 'quiz' }, 'viewer'),
    await call('DELETE', '/bots/shop', undefined, 'viewer'),
    await call('DELETE', '/bots/shop', undefined, 'operator'),
    await call('PATCH', '/bots/shop', { credentials: {} }, 'operator'),
    await call('GET', '/audit-log', undefined, 'operator'),
  ]

  for (const { status, body } of refused) {
    assert.equal(status, 403)
    assert.equal((body as { error: { code: string } }).error.code, 'ADM_ROLE_INSUFFICIENT')
  }
  assert.deepEqual(
    events.map(({ event, fields }) => [event, fields.actor, fields.needed]),
    [
      ['security.role_refused', 'viewer-alice', 'operator'],
      ['security.role_refused', 'viewer-alice', 'operator'],
      ['security.role_refused', 'viewer-alice', 'owner'],
      ['security.role_refused', 'operator-alice', 'owner'],
      ['security.role_refused', 'operator-alice', 'owner'],
      ['security.role_refused', 'operator-alice', 'owner'],
    ],
  )
})

test('a stranger who asks too often is refused by his address, and locks no client of it out', async t => {
  const { app, events } = await build(t, { options: { limitPerMinute: 2 } })
  const authorization = `Bearer ${tokenOf('owner')}`

  const answers = []
  for (const url of ['/api/v1/bots', '/nowhere', '/api/v1/bots', '/nowhere'])
    answers.push(await app.inject(url))
  const bad = await app.inject({ url: '/api/v1/bots', headers: { authorization: 'Bearer abc' } })
  const client = await app.inject({
    method: 'POST',
    url: '/api/v1/bots',
    headers: { authorization },
    payload: {},
  })

  assert.deepEqual(
    [...answers, bad, client].map(answer => answer.json().error.code),
    [
      ...['ADM_TOKEN_MISSING', 'ADM_NOT_FOUND'],
      ...['ADM_TOO_MANY_REQUESTS', 'ADM_TOO_MANY_REQUESTS', 'ADM_TOO_MANY_REQUESTS'],
      'ADM_INVALID_REQUEST',
    ],
  )
  assert.equal(answers[2]?.statusCode, 429)
  assert.ok(Number(answers[2]?.headers['retry-after']) > 0)
  assert.ok(
    events.some(({ event, fields }) => event === 'security.limit_refused' && fields.limit === 'address'),
  )
})

test('a client that asks too often is refused, and no other client with it', async t => {
  const { app, events } = await build(t, { options: { limitPerMinute: 2 } })
  const ask = (role: 'owner' | 'operator') =>
    app.inject({
      method: 'POST',
      url: '/api/v1/bots',
      headers: { authorization: `Bearer ${tokenOf(role)}` },
      payload: {},
    })

  const statuses = []
  for (const role of ['owner', 'owner', 'owner', 'operator'] as const)
    statuses.push((await ask(role)).statusCode)

  assert.deepEqual(statuses, [400, 400, 429, 400])
  assert.ok(
    events.some(({ event, fields }) => event === 'security.limit_refused' && fields.limit === 'client'),
  )
})

test('behind a trusted proxy a stranger is one, whatever port he calls from', async t => {
  const { app } = await build(t, { options: { limitPerMinute: 2, trustProxy: ['127.0.0.1'] } })

  const statuses = []
  for (const port of [1, 2, 3]) {
    const answer = await app.inject({
      url: '/nowhere',
      headers: { 'x-forwarded-for': `203.0.113.7:${port}` },
    })
    statuses.push(answer.statusCode)
  }

  assert.deepEqual(statuses, [404, 404, 429])
})

test('every refusal before a route has the one shape of errors', async t => {
  const { app } = await build(t)
  const headers = { authorization: `Bearer ${tokenOf('owner')}` }
  const json = { ...headers, 'content-type': 'application/json' }
  const post = (payload: string, more: object = json) =>
    app.inject({ method: 'POST', url: '/api/v1/bots', headers: { ...more }, payload })

  const cases: [Awaited<ReturnType<typeof post>>, number, string][] = [
    [await app.inject('/'), 404, 'ADM_NOT_FOUND'],
    [await app.inject({ url: '/api/v1/nothing', headers }), 404, 'ADM_NOT_FOUND'],
    [await app.inject('/%zz'), 400, 'ADM_BAD_REQUEST'],
    [await post('{"id":'), 400, 'ADM_MALFORMED_JSON'],
    [await post(''), 400, 'ADM_INVALID_REQUEST'],
    [await post('{"__proto__":{"role":"owner"}}'), 400, 'ADM_MALFORMED_JSON'],
    [await post('id=shop', { ...headers, 'content-type': 'text/plain' }), 415, 'ADM_UNSUPPORTED_MEDIA_TYPE'],
    [
      await post('id=shop', { ...headers, 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'ADM_UNSUPPORTED_MEDIA_TYPE',
    ],
    [await post(JSON.stringify({ id: 'x'.repeat(70_000) })), 413, 'ADM_BODY_TOO_LARGE'],
    [await app.inject({ url: '/api/v1/bots', headers }), 503, 'ADM_UNAVAILABLE'],
  ]

  for (const [answer, status, code] of cases) {
    assert.equal(answer.statusCode, status, code)
    const { error, ...rest } = answer.json()
    assert.deepEqual([error.code, rest], [code, {}])
    assert.ok(error.message.length > 20)
  }
})

test('answers carry the security headers', async t => {
  const { app } = await build(t)

  const answer = await app.inject('/')

  assert.equal(answer.headers['x-content-type-options'], 'nosniff')
  assert.ok(answer.headers['content-security-policy'] && answer.headers['strict-transport-security'])
})
