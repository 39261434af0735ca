import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identifyGitHub } from '../../src/github/identify.ts'
import { localServer } from '../http/local-server.ts'

const token = 'ghp_secret'

test('an account’s token says whose it is', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.end('{"id":77,"login":"helper"}'),
  )

  const result = await identifyGitHub({ token, apiRoot: origin }, options)

  assert.deepEqual(result, { status: 'known', identity: { user: '77', name: 'helper' } })
  assert.deepEqual([received[0]?.method, received[0]?.url], ['GET', '/user'])
  assert.equal(received[0]?.headers.authorization, 'Bearer ghp_secret')
})

test('the token of an app’s installation, which REST refuses, is asked of by GraphQL', async t => {
  const { origin, received, options } = await localServer(t, ({ url }, response) =>
    url === '/user'
      ? response.writeHead(403).end('{"message":"Resource not accessible by integration"}')
      : response.end('{"data":{"viewer":{"login":"x[bot]","databaseId":6}}}'),
  )

  const result = await identifyGitHub({ token, apiRoot: origin }, options)

  assert.deepEqual(result, { status: 'known', identity: { user: '6', name: 'x[bot]' } })
  assert.deepEqual([received[1]?.method, received[1]?.url], ['POST', '/graphql'])
})

test('a token that is refused is told from a GitHub that is away', async t => {
  let status = 401
  const { origin, options } = await localServer(t, (_request, response) =>
    response.writeHead(status).end('{}'),
  )
  const ask = async () => (await identifyGitHub({ token, apiRoot: origin }, options)).status

  assert.equal(await ask(), 'refused')
  status = 502
  assert.equal(await ask(), 'unreachable')
  status = 403
  assert.equal(await ask(), 'refused')
  assert.equal((await identifyGitHub({}, options)).status, 'refused')
})
