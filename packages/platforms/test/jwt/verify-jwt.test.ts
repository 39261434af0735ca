import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Agent } from 'undici'
import { bearerToken, verifyJwt } from '../../src/jwt/verify-jwt.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { signingService } from './signing-service.ts'

const minute = 60_000
const claims = { iss: 'https://issuer.example', aud: 'app' }

/** A platform's keys, and how a token of it is judged. */
async function platform(t: TestContext, { openId = false } = {}) {
  const service = await signingService()
  const dispatcher = new Agent()
  t.after(async () => {
    await dispatcher.destroy()
    await service.end()
  })
  const network = { dispatcher, signal: new AbortController().signal }
  const expected = {
    keys: { url: `${service.origin}${openId ? '/openid' : '/keys'}`, openId },
    algorithms: ['RS256'],
    issuers: [claims.iss],
    audiences: [claims.aud],
  }
  const judge = async (token: string, nowMs = Date.now()) => {
    const result = await verifyJwt(token, expected, nowMs, network)
    return result.genuine ? 'genuine' : result.reason
  }
  return { service, judge, expected, network }
}

test('a token is genuine until five minutes after its end, and from five minutes before its beginning', async t => {
  const { service, judge } = await platform(t)
  const nowMs = Math.floor(Date.now() / 1000) * 1000
  const token = await service.sign(claims, { atMs: nowMs, lifeS: 3600 })

  for (const [offset, result] of [
    [-6 * minute, 'stale'],
    [-4 * minute, 'genuine'],
    [0, 'genuine'],
    [64 * minute, 'genuine'],
    [66 * minute, 'stale'],
  ] as const) {
    assert.equal(await judge(token, nowMs + offset), result, `${offset / minute} min`)
  }
})

test('a token without a beginning holds from when it was made; one without an end is never genuine', async t => {
  const { service, judge } = await platform(t)
  const soon = Math.floor(Date.now() / 1000) + 600

  assert.equal(
    await judge(await service.sign({ ...claims, nbf: undefined, iat: soon, exp: soon + 600 })),
    'stale',
  )
  assert.equal(await judge(await service.sign({ ...claims, exp: undefined })), 'mismatch')
})

test('another issuer, audience or key is a mismatch', async t => {
  const { service, judge } = await platform(t)

  assert.equal(await judge(await service.sign(claims)), 'genuine')
  assert.equal(await judge(await service.sign({ ...claims, iss: 'https://other.example' })), 'mismatch')
  assert.equal(await judge(await service.sign({ aud: 'app' })), 'mismatch')
  assert.equal(await judge(await service.sign({ ...claims, aud: 'other' })), 'mismatch')
  assert.equal(await judge(await service.sign(claims, { forged: true })), 'mismatch')
})

test('an algorithm that is not expected is a mismatch: none at all, and HMAC with the public key', async t => {
  const { service, judge } = await platform(t)
  const exp = Math.floor(Date.now() / 1000) + 600
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = part({ ...claims, exp })

  for (const alg of ['none', 'HS256', 'RS512', 'ES256']) {
    const token = `${part({ alg, kid: 'key-1' })}.${body}.AAAA`

    assert.equal(await judge(token), 'mismatch', alg)
  }
  assert.equal(await judge(await service.sign(claims)), 'genuine')
})

test('keys are fetched once, by however many calls that come at once', async t => {
  const { service, judge } = await platform(t, { openId: true })
  const tokens = await Promise.all(Array.from({ length: 20 }, () => service.sign(claims)))

  const results = await Promise.all(tokens.map(token => judge(token)))

  assert.deepEqual(new Set(results), new Set(['genuine']))
  assert.deepEqual(service.fetched, ['/openid', '/keys'])
})

test('PEMs by key id are keys too', async t => {
  const { service, expected, network } = await platform(t)
  const keys = { url: `${service.origin}/certs`, openId: false }

  const result = await verifyJwt(await service.sign(claims), { ...expected, keys }, Date.now(), network)

  assert.ok(result.genuine)
})

test('a new key is fetched when it is first met; unknown keys cost a fetch in half a minute, not one each', async t => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const { service, judge } = await platform(t)
  await judge(await service.sign(claims))
  await service.rotate()
  const rotated = await service.sign(claims)

  assert.equal(await judge(rotated), 'mismatch', 'so soon after the last fetch it could be anybody’s')
  t.mock.timers.tick(31_000)
  assert.equal(await judge(rotated), 'genuine')
  for (let second = 0; second < 20; second++) {
    t.mock.timers.tick(1000)
    assert.equal(await judge(await service.sign(claims, { kid: `guess-${second}` })), 'mismatch')
  }
  assert.equal(service.fetched.length, 2)
})

test('keys that cannot be had make a call unavailable, not refused; they are asked for again within a second or so', async t => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const { service, judge } = await platform(t, { openId: true })
  const token = await service.sign(claims)
  service.fail(true)

  assert.equal(await judge(token), 'unavailable')
  assert.equal(await judge(token), 'unavailable')
  assert.equal(service.fetched.length, 1)
  service.fail(false)
  t.mock.timers.tick(1_100)
  assert.equal(await judge(token), 'genuine')
})

test('keys of the last day are good while new ones cannot be had, and none that is older', async t => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const { service, judge } = await platform(t)
  const hour = 60 * minute
  assert.equal(await judge(await service.sign(claims)), 'genuine')
  service.fail(true)

  t.mock.timers.tick(23 * hour)
  assert.equal(await judge(await service.sign(claims)), 'genuine')
  t.mock.timers.tick(2 * hour)
  assert.equal(await judge(await service.sign(claims)), 'unavailable')
})

test('a header without a token, or with something else, is told apart', () => {
  const reasonOf = (authorization: string | string[] | undefined) => {
    const found = bearerToken(webhookRequest('', { authorization }))
    return 'token' in found ? found.token : found.reason
  }

  assert.equal(reasonOf(undefined), 'missing')
  assert.equal(reasonOf(''), 'missing')
  for (const odd of ['Bearer', 'Basic a.b.c', 'Bearer a.b', 'Bearer a.b.c.d', 'Bearer a.b.c ', 'a.b.c']) {
    assert.equal(reasonOf(odd), 'malformed', odd)
  }
  assert.equal(reasonOf(['Bearer a.b.c', 'Bearer a.b.c']), 'malformed')
  assert.equal(reasonOf('Bearer e30.e30.AA'), 'e30.e30.AA')
})
