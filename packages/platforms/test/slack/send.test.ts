import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { adapters, type SendResult } from '../../src/index.ts'
import { localServer } from '../http/local-server.ts'

const base: OutboundMessage = {
  id: 'Ev1.0',
  bot: 'shop',
  platform: 'slack',
  conversation: 'T1:C1',
  tenant: 'T1',
  user: 'U1',
  text: 'héllo',
  receivedAtMs: 0,
}

interface SlackAnswer {
  status?: number
  body?: object | string
  headers?: Record<string, string>
}

/** Slack as far as a send sees it: answers by the end of the path, a method or `hook`, the response url. */
async function slackServer(t: TestContext, answers: Record<string, SlackAnswer>) {
  const { origin, received, options } = await localServer(t, ({ url }, response) => {
    const { status = 200, body = '', headers } = answers[url.split('/').at(-1) ?? ''] ?? { status: 599 }
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  const credentials = { signingSecret: '0'.repeat(32), apiRoot: `${origin}/api` }
  const sendWith = (botToken: string | undefined, asked: Partial<OutboundMessage>, tenant?: unknown) =>
    adapters.slack.send(
      { ...base, ...asked },
      { ...credentials, ...(botToken && { botToken }) },
      { ...options, ...(tenant !== undefined && { tenant }) },
    )
  return {
    received,
    sendWith,
    send: (asked: Partial<OutboundMessage> = {}): Promise<SendResult> => sendWith('xoxb-1', asked),
    paths: () => received.map(({ url }) => url.split('/').at(-1)),
    bodies: () => received.map(({ body }) => JSON.parse(body)),
    /** An update that came just now, with a response url. */
    answerable: (route: Record<string, string> = {}): Partial<OutboundMessage> => ({
      route: { channel: 'C1', response_url: `${origin}/hook`, ...route },
      receivedAtMs: Date.now(),
    }),
  }
}

const ok = { body: { ok: true, channel: 'C1', ts: '1503435956.000247' } }
const error = (name: string): SlackAnswer => ({ body: { ok: false, error: name } })

test('a reply goes into the channel, and into the thread that the update was in', async t => {
  const { received, send, bodies, paths } = await slackServer(t, { 'chat.postMessage': ok })

  assert.deepEqual(await send(), { status: 'sent', messageId: '1503435956.000247' })
  await send({ route: { channel: 'C1', thread_ts: '1.2' }, native: { blocks: [], text: 'x' } })
  await send({ conversation: 'T1:user:U7' })
  await send({ conversation: 'T1:view:V1' })
  await send({ conversation: 'C9', native: { channel: 'C10', text: 'x' } })

  assert.deepEqual(paths(), Array(5).fill('chat.postMessage'))
  assert.deepEqual(bodies(), [
    { channel: 'C1', text: 'héllo', mrkdwn: false },
    { channel: 'C1', thread_ts: '1.2', blocks: [], text: 'x' },
    { channel: 'U7', text: 'héllo', mrkdwn: false },
    { channel: 'U1', text: 'héllo', mrkdwn: false },
    { channel: 'C10', text: 'x' },
  ])
  assert.equal(received[0]?.headers.authorization, 'Bearer xoxb-1')
  assert.equal(received[0]?.headers['content-type'], 'application/json; charset=utf-8')
})

test('the workspace’s own token goes before the bot’s', async t => {
  const { received, sendWith } = await slackServer(t, { 'chat.postMessage': ok })

  await sendWith('xoxb-bot', {}, { botToken: 'xoxb-team' })
  await sendWith(undefined, {}, { botToken: 'xoxb-team' })

  for (const { headers } of received) assert.equal(headers.authorization, 'Bearer xoxb-team')
})

test('without a token a slash command is answered by its response url, for all to see unless it says otherwise', async t => {
  const { received, sendWith, answerable, bodies } = await slackServer(t, { hook: { body: 'ok' } })

  assert.deepEqual(await sendWith(undefined, answerable()), { status: 'sent', shown: false })
  await sendWith(undefined, { ...answerable(), native: { text: 'psst', response_type: 'ephemeral' } })

  assert.deepEqual(bodies(), [
    { response_type: 'in_channel', replace_original: false, text: 'héllo', mrkdwn: false },
    { response_type: 'ephemeral', replace_original: false, text: 'psst' },
  ])
  assert.equal(received[0]?.headers.authorization, undefined)
})

test('what only a response url understands goes by it, token or not', async t => {
  const { send, answerable, paths } = await slackServer(t, { hook: ok })

  await send({ ...answerable(), native: { delete_original: true } })
  const late = await send({ ...answerable(), receivedAtMs: 0, native: { delete_original: true } })

  assert.deepEqual(paths(), ['hook'])
  assert.equal(late.status === 'failed' && late.blame, 'message')
})

test('where the bot is no member the response url answers', async t => {
  for (const name of ['channel_not_found', 'not_in_channel']) {
    const { send, answerable, paths } = await slackServer(t, { 'chat.postMessage': error(name), hook: ok })

    assert.equal((await send(answerable())).status, 'sent')
    assert.deepEqual(paths(), ['chat.postMessage', 'hook'])
    assert.equal((await send()).status, 'failed')
  }
})

test('only Slack’s own response urls are called, for half an hour', async t => {
  const { sendWith, answerable, paths } = await slackServer(t, { hook: ok })

  for (const asked of [
    answerable({ response_url: 'https://hooks.slack.com.evil.example/hook' }),
    answerable({ response_url: 'http://hooks.slack.com/hook' }),
    answerable({ response_url: 'no url' }),
    { ...answerable(), receivedAtMs: Date.now() - 30 * 60_000 },
  ]) {
    const result = await sendWith(undefined, asked)
    assert.equal(
      result.status === 'failed' && result.reason,
      'not sent: the bot has no token in this workspace',
    )
  }
  assert.deepEqual(paths(), [])
})

test('an edit is of the message named, or of that which the button hangs on', async t => {
  const { send, sendWith, answerable, paths, bodies } = await slackServer(t, { 'chat.update': ok, hook: ok })
  const edit = { action: 'edit' as const }

  await send({ ...edit, message: '5.5' })
  await send({ ...edit, ...answerable({ message: '4.4' }) })
  await sendWith(undefined, { ...edit, ...answerable({ message: '4.4' }) })
  await send({ ...edit, ...answerable({ message: '4.4', ephemeral: 'true' }) })

  assert.deepEqual(paths(), ['chat.update', 'chat.update', 'hook', 'hook'])
  assert.deepEqual(bodies(), [
    { channel: 'C1', ts: '5.5', text: 'héllo' },
    { channel: 'C1', ts: '4.4', text: 'héllo' },
    { replace_original: true, text: 'héllo', mrkdwn: false },
    { replace_original: true, text: 'héllo', mrkdwn: false },
  ])
  assert.deepEqual(await send(edit), {
    status: 'failed',
    blame: 'message',
    reason: 'not sent: name the message to edit by its ts',
    shown: false,
  })
})

test('what names no channel is not sent, nor is typing', async t => {
  const { send, paths } = await slackServer(t, {})

  for (const asked of [{ conversation: 'T1' }, { conversation: 'bot' }, { action: 'typing' as const }]) {
    const result = await send(asked)
    assert.equal(result.status === 'failed' && result.blame, 'message')
  }
  assert.deepEqual(paths(), [])
})

test('a 429 pauses its method in its workspace for so many seconds, and one of a response url its update alone', async t => {
  const limited = { status: 429, headers: { 'retry-after': '30' }, body: { ok: false, error: 'ratelimited' } }
  const { send, sendWith, answerable } = await slackServer(t, { 'chat.postMessage': limited, hook: limited })
  const reason = 'answered 429: ratelimited'

  assert.deepEqual(await send(), {
    status: 'retry',
    afterMs: 30_000,
    counts: false,
    reason,
    pauses: [{ name: 'method:chat.postMessage:T1', ms: 30_000 }],
  })
  assert.deepEqual(await sendWith(undefined, answerable()), {
    status: 'retry',
    afterMs: 30_000,
    counts: false,
    reason,
    shown: false,
  })
  const names = adapters.slack.limits!(base, {}, {}, false).map(({ name }) => name)
  assert.ok(names.includes('method:chat.postMessage:T1'))
})

for (const [name, expected] of [
  ['invalid_auth', 'credentials'],
  ['not_authed', 'credentials'],
  ['account_inactive', 'credentials'],
  ['token_revoked', 'credentials'],
  ['channel_not_found', 'recipient'],
  ['is_archived', 'recipient'],
  ['not_in_channel', 'recipient'],
  ['cannot_dm_bot', 'recipient'],
  ['msg_too_long', 'message'],
  ['no_text', 'message'],
  ['an error nobody knows', 'message'],
] as const) {
  test(`${name} with a 200 is final, to the blame of the ${expected}`, async t => {
    const { send } = await slackServer(t, { 'chat.postMessage': error(name.replaceAll(' ', '_')) })
    const result = await send()
    assert.equal(result.status === 'failed' && result.blame, expected)
  })
}

for (const [what, answer, expected] of [
  ['ratelimited with a 200', error('ratelimited'), { status: 'retry', counts: false }],
  ['service_unavailable', error('service_unavailable'), { status: 'retry', counts: true }],
  ['a 5xx', { status: 503 }, { status: 'retry', counts: true }],
  ['fatal_error, which may have done some of it,', error('fatal_error'), { status: 'uncertain' }],
  ['a 200 that is not Slack’s', { body: '<html>' }, { status: 'uncertain' }],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, { status: 'failed' }],
] as const) {
  test(`${what} is a ${expected.status}${'counts' in expected && expected.counts ? ' that counts' : ''}`, async t => {
    const { send } = await slackServer(t, { 'chat.postMessage': answer })
    const result = await send()
    assert.deepEqual({ ...result, ...expected }, result)
  })
}

test('a response url that is used up is final', async t => {
  const { sendWith, answerable } = await slackServer(t, { hook: { status: 404, body: 'used_url' } })

  const result = await sendWith(undefined, answerable())

  const reason = 'answered 404: used_url'
  assert.deepEqual(result, { status: 'failed', blame: 'recipient', reason, shown: false })
})

test('a plain reply arrives as written and calls nobody; a native message is sent as it is', async t => {
  const { send, answerable, sendWith, bodies } = await slackServer(t, {
    'chat.postMessage': ok,
    'chat.update': ok,
    hook: ok,
  })
  const text = 'Usage: /add <name> & <city>, not <!channel>'
  const escaped = 'Usage: /add &lt;name&gt; &amp; &lt;city&gt;, not &lt;!channel&gt;'

  await send({ text })
  await send({ action: 'edit', message: '5.5', text })
  await sendWith(undefined, { ...answerable(), text })
  await send({ native: { text: '<!here> & all' } })

  assert.deepEqual(
    bodies().map(({ text }) => text),
    [escaped, escaped, escaped, '<!here> & all'],
  )
})
