import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identifyDiscord } from '../../src/discord/identify.ts'
import { localServer } from '../http/local-server.ts'

test('Discord says which user the bot’s token is of', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.end('{"id":"77","username":"helper"}'),
  )

  const result = await identifyDiscord({ applicationId: '12', botToken: 'secret', apiRoot: origin }, options)

  assert.deepEqual(result, { status: 'known', identity: { user: '77', app: '12', name: 'helper' } })
  assert.deepEqual([received[0]?.method, received[0]?.url], ['GET', '/users/@me'])
  assert.equal(received[0]?.headers.authorization, 'Bot secret')
})

test('without a token the application is known, and nobody is asked', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) => response.end())

  const result = await identifyDiscord({ applicationId: '12', apiRoot: origin }, options)

  assert.deepEqual(result, { status: 'known', identity: { app: '12' } })
  assert.equal(received.length, 0)
})

test('a token that is refused is told from a Discord that is away', async t => {
  let status = 401
  const { origin, options } = await localServer(t, (_request, response) =>
    response.writeHead(status).end('{}'),
  )
  const ask = async () =>
    (await identifyDiscord({ applicationId: '12', botToken: 'secret', apiRoot: origin }, options)).status

  assert.equal(await ask(), 'refused')
  status = 503
  assert.equal(await ask(), 'unreachable')
})
