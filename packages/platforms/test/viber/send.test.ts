import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { adapters, type SendResult } from '../../src/index.ts'
import { localServer } from '../http/local-server.ts'

const authToken = '445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9'
const message: OutboundMessage = {
  id: '4912661846655238145:message.0',
  bot: 'shop',
  platform: 'viber',
  conversation: '01234567890A=',
  text: 'héllo',
  receivedAtMs: 0,
}

/** Viber's API; answers the given bodies, one a method. */
async function viberServer(t: TestContext, answers: Record<string, { status?: number; body: string }>) {
  const server = await localServer(t, ({ url }, response) => {
    const { status = 200, body } = answers[url.slice('/pa/'.length)] ?? { status: 404, body: '' }
    response.writeHead(status).end(body)
  })
  return { ...server, credentials: { authToken, senderName: 'Shop', apiRoot: `${server.origin}/pa` } }
}

test('a text goes to the user under the bot’s name, and the token of the message comes back to the last digit', async t => {
  const body = '{"status":0,"status_message":"ok","message_token":5741311803571721087,"billing_status":1}'
  const { received, options, credentials } = await viberServer(t, { send_message: { body } })

  const result = await adapters.viber.send(message, credentials, options)

  assert.deepEqual(result, { status: 'sent', messageId: '5741311803571721087' })
  assert.equal(received[0]?.headers['x-viber-auth-token'], authToken)
  assert.deepEqual(JSON.parse(received[0].body), {
    receiver: '01234567890A=',
    sender: { name: 'Shop' },
    type: 'text',
    text: 'héllo',
  })
})

test('native is passed on as it is; its own sender and receiver stay', async t => {
  const { received, options, credentials } = await viberServer(t, { send_message: { body: '{"status":0}' } })
  const native = { type: 'url', media: 'https://example.com', sender: { name: 'Other' }, receiver: 'x' }

  await adapters.viber.send({ ...message, native }, credentials, options)
  await adapters.viber.send({ ...message, conversation: 'bot', native }, credentials, options)

  for (const { body } of received) assert.deepEqual(JSON.parse(body), native)
  for (const asked of [{ action: 'edit' as const }, { action: 'typing' as const }, { conversation: 'bot' }]) {
    assert.equal((await adapters.viber.send({ ...message, ...asked }, credentials, options)).status, 'failed')
  }
  assert.equal(received.length, 2)
})

test('the status in the body decides, also of a 200', async t => {
  const answers = { send_message: { status: 200, body: '' } }
  const { options, credentials } = await viberServer(t, answers)
  const failed = (blame: 'recipient' | 'message' | 'credentials', status: number): SendResult => ({
    status: 'failed',
    blame,
    reason: `answered 200, status ${status}`,
  })
  const cases: [number, string, SendResult][] = [
    [200, '{"status":2}', failed('credentials', 2)],
    [200, '{"status":3}', failed('message', 3)],
    [200, '{"status":5}', failed('recipient', 5)],
    [200, '{"status":6,"status_message":"notSubscribed"}', failed('recipient', 6)],
    [200, '{"status":23}', failed('message', 23)],
    [
      200,
      '{"status":12}',
      {
        status: 'retry',
        afterMs: 10_000,
        counts: false,
        reason: 'answered 200, status 12',
        pauses: [{ name: 'account', ms: 10_000 }],
      },
    ],
    [
      200,
      '{"status":99}',
      { status: 'retry', afterMs: undefined, counts: true, reason: 'answered 200, status 99' },
    ],
    [200, 'ok', { status: 'uncertain', reason: 'answered 200, but not as Viber does' }],
    [502, '<html>', { status: 'retry', afterMs: undefined, counts: true, reason: 'answered 502' }],
    [429, '', { status: 'retry', afterMs: undefined, counts: false, reason: 'answered 429' }],
    [413, '', { status: 'failed', blame: 'message', reason: 'answered 413' }],
  ]
  for (const [status, body, expected] of cases) {
    answers.send_message = { status, body }

    assert.deepEqual(await adapters.viber.send(message, credentials, options), expected)
  }
})

test('a started conversation waits for a welcome message in the response if the bot defers nothing', () => {
  const updateOf = (event: string) =>
    adapters.viber.normalise({
      method: 'POST',
      url: '',
      headers: {},
      body: Buffer.from(`{"event":"${event}","message_token":4912661846655238145,"user":{"id":"u"}}`),
      receivedAtMs: 0,
    })
  const answer = (event: string, defer?: 'none' | 'public') =>
    adapters.viber.answer!(updateOf(event), defer === undefined ? {} : { defer })

  assert.deepEqual(answer('conversation_started', 'none'), {
    wait: true,
    fallback: { status: 200, body: '{}' },
  })
  assert.deepEqual(answer('conversation_started'), { now: { status: 200, body: '{}' } })
  assert.deepEqual(answer('subscribed', 'none'), { now: { status: 200, body: '{}' } })
  assert.equal(updateOf('conversation_started')[0]?.id, '4912661846655238145:conversation_started')
})

test('the webhook is set with the asked callbacks, and what Viber calls is checked', async t => {
  const url = 'https://bots.example/hooks/viber/shop'
  const answers = {
    set_webhook: { body: '{"status":0}' },
    get_account_info: { body: JSON.stringify({ status: 0, webhook: url }) },
  }
  const { received, options, credentials } = await viberServer(t, answers)
  const register = adapters.viber.register!

  assert.equal(
    (await register.set(credentials, url, { eventTypes: ['seen'], sendPhoto: false }, options)).state,
    'registered',
  )
  assert.deepEqual(JSON.parse(received[0]!.body), {
    url,
    event_types: ['seen'],
    send_name: true,
    send_photo: false,
  })

  answers.get_account_info.body = '{"status":0}'
  assert.equal((await register.check(credentials, url, options)).state, 'differs')
  answers.set_webhook.body = '{"status":1,"status_message":"invalidUrl"}'
  assert.deepEqual(await register.set(credentials, url, {}, options), {
    state: 'refused',
    detail: 'Viber answered status 1: invalidUrl.',
  })
  answers.set_webhook.body = 'oops'
  assert.equal((await register.set(credentials, url, {}, options)).state, 'unreachable')
})
