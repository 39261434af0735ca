import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { identifyTelegram } from '../../src/telegram/identify.ts'
import { localServer } from '../http/local-server.ts'

async function identify(t: TestContext, status: number, answer: object) {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.writeHead(status).end(JSON.stringify(answer)),
  )
  const identified = await identifyTelegram({ token: '123:AAsecret', apiRoot: origin }, options)
  assert.doesNotMatch(JSON.stringify(identified), /AAsecret/)
  return { identified, received }
}

test('a bot is known by the id and the username that getMe tells', async t => {
  const result = { id: 123, is_bot: true, first_name: 'Shop', username: 'shop_bot' }
  const { identified, received } = await identify(t, 200, { ok: true, result })

  assert.deepEqual(identified, { status: 'known', identity: { user: '123', name: 'shop_bot' } })
  assert.equal(received[0]?.url, '/bot123:AAsecret/getMe')
})

test('a token that is no longer good is refused for good; everything else is asked again', async t => {
  const statusOf = async (status: number, answer: object) =>
    (await identify(t, status, answer)).identified.status

  assert.equal(await statusOf(401, { ok: false, error_code: 401, description: 'Unauthorized' }), 'refused')
  assert.equal(await statusOf(404, { ok: false, error_code: 404, description: 'Not Found' }), 'refused')
  assert.equal(
    await statusOf(429, { ok: false, error_code: 429, description: 'Too Many Requests' }),
    'unreachable',
  )
  assert.equal(await statusOf(502, {}), 'unreachable')
  assert.equal(await statusOf(200, { ok: true, result: { id: 'x' } }), 'unreachable')
})
