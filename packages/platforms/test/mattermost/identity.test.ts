import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { adapters } from '../../src/index.ts'
import { localServer } from '../http/local-server.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const post = { token: 't', team_id: 't1', channel_id: 'c1', user_id: 'u1', post_id: 'p1', text: 'say /help' }

function read(payload: object, self?: object) {
  return adapters.mattermost.normalise(webhookRequest(JSON.stringify(payload)), self)[0]!
}

test('what the bot’s own account posted is other', () => {
  const self = { user: 'u1', name: 'shopbot' }

  assert.deepEqual([read(post, self).kind, read(post, self).fromBot], ['other', true])
  assert.equal(read({ ...post, text: '/help' }, self).kind, 'other')
  assert.deepEqual([read({ ...post, user_id: 'u2' }, self).kind, read(post).kind], ['message', 'message'])
})

test('a post that two webhooks bring is one update, and its text holds the word that triggered them', () => {
  const first = read({ ...post, token: 'a', trigger_word: 'say' })
  const second = read({ ...post, token: 'b' })

  assert.equal(first.id, second.id)
  assert.equal(first.text, 'say /help')
})

async function identify(t: TestContext, status: number, answer: string, credentials: object) {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.writeHead(status).end(answer),
  )
  const identified = await adapters.mattermost.identify?.(
    { token: 't', url: `${origin}/`, ...credentials },
    options,
  )
  return { identified, received }
}

test('users/me tells who the bot is', async t => {
  const { identified, received } = await identify(t, 200, '{"id":"u1","username":"shopbot"}', {
    botToken: 'b',
  })

  assert.deepEqual(identified, { status: 'known', identity: { user: 'u1', name: 'shopbot' } })
  assert.deepEqual([received[0]?.method, received[0]?.url], ['GET', '/api/v4/users/me'])
  assert.equal(received[0]?.headers.authorization, 'Bearer b')
})

test('a token that is refused, or none, is vain; a server that is busy or speaks otherwise is not', async t => {
  const statusOf = async (status: number, answer: string, credentials: object = { botToken: 'b' }) =>
    (await identify(t, status, answer, credentials)).identified?.status

  assert.equal(await statusOf(401, ''), 'refused')
  assert.equal(await statusOf(200, '', {}), 'refused')
  assert.equal(await statusOf(200, '', { botToken: 'b', url: undefined }), 'refused')
  assert.equal(await statusOf(503, ''), 'unreachable')
  assert.equal(await statusOf(429, ''), 'unreachable')
  assert.equal(await statusOf(200, '<html>'), 'unreachable')
})
