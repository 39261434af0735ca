import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { localServer } from '../http/local-server.ts'

const info = { userId: 'Ub9952f8', basicId: '@216ru0000', displayName: 'Example', chatMode: 'chat' }

test('LINE tells who the bot is; credentials that it does not know are refused, all else is asked again', async t => {
  const answer = { status: 200, body: JSON.stringify(info) }
  const { origin, received, options } = await localServer(t, (_request, response) => {
    response.writeHead(answer.status).end(answer.body)
  })
  const credentials = { channelSecret: '0'.repeat(32), channelAccessToken: 'a-token', apiRoot: origin }
  const identify = () => adapters.line.identify!(credentials, options)

  assert.deepEqual(await identify(), {
    status: 'known',
    identity: { user: 'Ub9952f8', name: 'Example', bot: '@216ru0000' },
  })
  assert.deepEqual([received[0]?.method, received[0]?.url], ['GET', '/v2/bot/info'])
  assert.equal(received[0]?.headers.authorization, 'Bearer a-token')

  for (const [status, body, expected] of [
    [401, '{}', 'refused'],
    [429, '{}', 'unreachable'],
    [503, '{}', 'unreachable'],
    [200, '<html>', 'unreachable'],
  ] as const) {
    Object.assign(answer, { status, body })
    assert.equal((await identify()).status, expected)
  }
})
