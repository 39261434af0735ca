import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { lineRegistrar } from '../../src/line/register.ts'
import { localServer } from '../http/local-server.ts'

const url = 'https://bots.example/hooks/line/shop'

/** The "Webhook settings" of the Messaging API, with what a test overrides. */
async function settings(
  t: TestContext,
  change: { endpoint?: string; active?: boolean; put?: number; works?: boolean } = {},
) {
  const { active = true, put = 200, works = true } = change
  let { endpoint } = change
  const calls: string[] = []
  const { origin, received, options } = await localServer(t, (request, response) => {
    calls.push(`${response.req.method} ${request.url}`)
    const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body))
    if (request.url.endsWith('/test'))
      answer(200, { success: works, statusCode: 0, reason: 'COULD_NOT_CONNECT', detail: 'x' })
    else if (response.req.method === 'PUT') {
      if (put === 200) endpoint ??= JSON.parse(request.body).endpoint
      answer(put, { message: 'Invalid webhook endpoint URL' })
    } else if (endpoint === undefined) answer(404, { message: 'Not found' })
    else answer(200, { endpoint, active })
  })
  const credentials = { channelSecret: '0'.repeat(32), channelAccessToken: 'a-token', apiRoot: origin }
  return { calls, received, credentials, options }
}

test('setting puts the url, sees that it is there, and has LINE call it', async t => {
  const { calls, received, credentials, options } = await settings(t)

  const result = await lineRegistrar.set(credentials, url, {}, options)

  assert.equal(result.state, 'registered')
  assert.deepEqual(calls, [
    'PUT /v2/bot/channel/webhook/endpoint',
    'GET /v2/bot/channel/webhook/endpoint',
    'POST /v2/bot/channel/webhook/test',
  ])
  assert.deepEqual(JSON.parse(received[0]!.body), { endpoint: url })
  assert.equal(received[0]?.headers.authorization, 'Bearer a-token')
})

test('what is wrong is said: another url, none, switched off, refused, not reached by the test call', async t => {
  const cases = [
    [{ endpoint: 'https://other.example' }, 'differs', /other\.example/],
    [{ active: false }, 'differs', /Use webhook/],
    [{ put: 400 }, 'refused', /Invalid webhook endpoint URL/],
    [{ put: 503 }, 'unreachable', /503/],
    [{ works: false }, 'unreachable', /COULD_NOT_CONNECT/],
  ] as const
  for (const [change, state, detail] of cases) {
    const { credentials, options } = await settings(t, change)

    const result = await lineRegistrar.set(credentials, url, {}, options)

    assert.equal(result.state, state)
    assert.match(result.detail, detail)
  }
  const { credentials, options } = await settings(t)
  assert.deepEqual(await lineRegistrar.check(credentials, url, options), {
    state: 'differs',
    detail: 'LINE has no webhook url.',
  })
})
