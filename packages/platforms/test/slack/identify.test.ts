import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { localServer } from '../http/local-server.ts'

async function identify(
  t: TestContext,
  status: number,
  answer: unknown,
  credentials: object = { botToken: 'xoxb-1' },
  tenant?: object,
) {
  const { origin, received, options } = await localServer(t, (_request, response) => {
    response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  const known = { signingSecret: '0'.repeat(32), apiRoot: `${origin}/api/`, ...credentials }
  const identified = await adapters.slack.identify?.(known, { ...options, ...(tenant && { tenant }) })
  return { identified, received }
}

test('auth.test tells who the bot is', async t => {
  const answer = { ok: true, team_id: 'T1', user: 'shopbot', user_id: 'UBOT', bot_id: 'BBOT', app_id: 'A1' }

  const { identified, received } = await identify(t, 200, answer)

  assert.deepEqual(identified, {
    status: 'known',
    identity: { user: 'UBOT', name: 'shopbot', bot: 'BBOT', app: 'A1' },
  })
  assert.equal(received[0]?.url, '/api/auth.test')
  assert.equal(received[0]?.headers.authorization, 'Bearer xoxb-1')
})

test('a tenant’s token asks who the bot is there', async t => {
  const { received } = await identify(t, 200, { ok: true, user_id: 'U1' }, {}, { botToken: 'xoxb-team' })

  assert.equal(received[0]?.headers.authorization, 'Bearer xoxb-team')
})

test('a token that is refused, or none, is vain; a Slack that is busy or out of reach is not', async t => {
  const statusOf = async (status: number, answer: unknown, credentials?: object) =>
    (await identify(t, status, answer, credentials)).identified?.status

  assert.equal(await statusOf(200, { ok: false, error: 'invalid_auth' }), 'refused')
  assert.equal(await statusOf(200, {}, {}), 'refused')
  assert.equal(await statusOf(200, { ok: false, error: 'ratelimited' }), 'unreachable')
  assert.equal(await statusOf(429, ''), 'unreachable')
  assert.equal(await statusOf(503, ''), 'unreachable')
  assert.equal(await statusOf(200, '<html>'), 'unreachable')
  assert.equal(await statusOf(200, { ok: true }), 'unreachable')
})
