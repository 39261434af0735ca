import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { adapters, type SendResult } from '../../src/index.ts'
import { type GraphAnswer, graphError, graphServer } from '../meta/graph-server.ts'
import { appSecret, verifyToken } from '../meta/signed-by-meta.ts'

const credentials = { appSecret, verifyToken, pageAccessToken: 'EAAtoken' }
const message: OutboundMessage = {
  id: 'mid.1.0',
  bot: 'shop',
  platform: 'messenger',
  conversation: '100:200',
  text: 'héllo',
  receivedAtMs: 0,
}

test('a text is a response of the page that was written to, and its id comes back', async t => {
  const { origin, received, options, next } = await graphServer(t)
  next.body = { recipient_id: '200', message_id: 'm_2' }

  const result = await adapters.messenger.send(message, { ...credentials, apiRoot: `${origin}/` }, options)

  assert.deepEqual(result, { status: 'sent', messageId: 'm_2' })
  assert.equal(received[0]?.url, '/v25.0/100/messages')
  assert.equal(received[0].headers.authorization, 'Bearer EAAtoken')
  assert.deepEqual(JSON.parse(received[0].body), {
    recipient: { id: '200' },
    messaging_type: 'RESPONSE',
    message: { text: 'héllo' },
  })
})

test('native messages keep their own type and recipient; a checkbox user and a bare id can be written to', async t => {
  const { origin, received, options, next } = await graphServer(t)
  next.body = { recipient_id: '200' }
  const native = { messaging_type: 'UPDATE', recipient: { comment_id: '1' }, message: { text: 'x' } }
  for (const asked of [{ native }, { conversation: '100:ref:abc' }, { conversation: '300' }]) {
    assert.equal(
      (await adapters.messenger.send({ ...message, ...asked }, { ...credentials, apiRoot: origin }, options))
        .status,
      'sent',
    )
  }

  const [first, second, third] = received.map(({ url, body }) => ({ url, ...JSON.parse(body) }))
  assert.deepEqual(first, { url: '/v25.0/100/messages', ...native })
  assert.deepEqual(second.recipient, { user_ref: 'abc' })
  assert.deepEqual([third.url, third.recipient], ['/v25.0/me/messages', { id: '300' }])
})

test('a comment is answered in private, by its id; its author may not have a chat with the page', async t => {
  const { origin, received, options, next } = await graphServer(t)
  next.body = { recipient_id: '200', message_id: 'm_2' }
  const reply = { ...message, route: { comment: '1_2' } }
  const own = { native: { recipient: { id: '300' }, message: { text: 'x' } } }

  for (const asked of [{}, own, { action: 'typing' as const }]) {
    await adapters.messenger.send({ ...reply, ...asked }, { ...credentials, apiRoot: origin }, options)
  }

  assert.deepEqual(
    received.map(({ body }) => JSON.parse(body).recipient),
    [{ comment_id: '1_2' }, { id: '300' }, { id: '200' }],
  )
})

test('typing is a sender action; edits, standby and updates of no user are refused before any call', async t => {
  const { origin, received, options, next } = await graphServer(t)
  next.body = { recipient_id: '200' }
  const send = (asked: Partial<OutboundMessage>) =>
    adapters.messenger.send({ ...message, ...asked }, { ...credentials, apiRoot: origin }, options)

  assert.deepEqual(await send({ action: 'typing' }), { status: 'sent' })
  assert.deepEqual(JSON.parse(received[0]!.body), { recipient: { id: '200' }, sender_action: 'typing_on' })

  for (const asked of [
    { action: 'edit' as const },
    { route: { mode: 'standby' } },
    { conversation: 'page:100' },
    { conversation: 'bot' },
  ]) {
    const result = await send(asked)
    assert.equal(result.status === 'failed' && result.blame, 'message')
  }
  assert.equal(received.length, 1)
})

test('Instagram speaks to its own server, without a type of message', async t => {
  const { origin, received, options, next } = await graphServer(t)
  next.body = { recipient_id: '200', message_id: 'm_3' }
  const own = {
    appSecret,
    verifyToken,
    accessToken: 'IGtoken',
    accountId: '17841400000000000',
    apiRoot: origin,
  }

  const result = await adapters.instagram.send(
    { ...message, platform: 'instagram', conversation: '200' },
    own,
    options,
  )

  assert.deepEqual(result, { status: 'sent', messageId: 'm_3' })
  assert.equal(received[0]?.url, '/v25.0/17841400000000000/messages')
  assert.deepEqual(JSON.parse(received[0].body), { recipient: { id: '200' }, message: { text: 'héllo' } })
})

test('throttles pause page or app, users that cannot be reached are final, a lost permission is the credentials', async t => {
  const { origin, options, next } = await graphServer(t)
  const pause = (code: number, name: string): SendResult => ({
    status: 'retry',
    afterMs: 60_000,
    counts: false,
    reason: `answered 400, error ${code}`,
    pauses: [{ name, ms: 60_000 }],
  })
  const cases: [GraphAnswer, SendResult | string][] = [
    [graphError(4), pause(4, 'app')],
    [graphError(17), pause(17, 'app')],
    [graphError(32), pause(32, 'account')],
    [graphError(613), pause(613, 'account')],
    [graphError(80_006), pause(80_006, 'account')],
    [graphError(551), 'recipient'],
    [graphError(200, 1_545_041), 'recipient'],
    [graphError(100, 2_018_001), 'recipient'],
    [graphError(10, 2_018_278), 'message'],
    [graphError(10, 99), 'message'],
    [graphError(10), 'credentials'],
    [graphError(190), 'credentials'],
    [graphError(100), 'message'],
  ]
  for (const [answer, expected] of cases) {
    Object.assign(next, answer)

    const result = await adapters.messenger.send(message, { ...credentials, apiRoot: origin }, options)

    if (typeof expected === 'string') {
      assert.equal(result.status === 'failed' && result.blame, expected, JSON.stringify(result))
      assert.ok(!JSON.stringify(result).includes('EAAtoken'))
    } else assert.deepEqual(result, expected)
  }
  Object.assign(next, graphError(1200))
  const again = await adapters.messenger.send(message, { ...credentials, apiRoot: origin }, options)
  assert.ok(again.status === 'retry' && again.counts)
})
