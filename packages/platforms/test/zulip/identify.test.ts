import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identifyZulip } from '../../src/zulip/identify.ts'
import { localServer } from '../http/local-server.ts'

test('Zulip says which user the bot’s key is of', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.end('{"result":"success","user_id":25,"full_name":"Helper","is_bot":true}'),
  )

  const result = await identifyZulip({ botEmail: 'bot@x', apiKey: 'key', apiRoot: origin }, options)

  assert.deepEqual(result, { status: 'known', identity: { user: '25', name: 'Helper' } })
  assert.deepEqual([received[0]?.method, received[0]?.url], ['GET', '/api/v1/users/me'])
  assert.match(received[0]?.headers.authorization ?? '', /^Basic /)
})

test('a key that is refused, and none, are told from a Zulip that is away', async t => {
  let status = 401
  const { origin, options } = await localServer(t, (_request, response) =>
    response.writeHead(status).end('{}'),
  )
  const ask = async () =>
    (await identifyZulip({ botEmail: 'bot@x', apiKey: 'k', apiRoot: origin }, options)).status

  assert.equal(await ask(), 'refused')
  status = 502
  assert.equal(await ask(), 'unreachable')
  assert.equal((await identifyZulip({}, options)).status, 'refused')
})
