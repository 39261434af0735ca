import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { adapters, type SendResult } from '../../src/index.ts'
import { localServer } from '../http/local-server.ts'

const route = {
  interaction: '846462639134605312',
  application: '1457',
  token: 'a token/of?it',
  message: '99',
}
const base: OutboundMessage = {
  id: '846462639134605312.0',
  bot: 'shop',
  platform: 'discord',
  conversation: '345626669114982999',
  text: 'héllo',
  receivedAtMs: 0,
}

interface DiscordAnswer {
  /** 0: hangs up. */
  status: number
  body?: object | string
  headers?: Record<string, string>
}

/** Discord as far as a send sees it: answers by the first segment of the path, `webhooks` or `channels`. */
async function discordServer(
  t: TestContext,
  answers: Partial<Record<'webhooks' | 'channels', DiscordAnswer>>,
) {
  const { origin, received, options } = await localServer(t, ({ url }, response) => {
    const {
      status,
      body = '',
      headers,
    } = answers[url.split('/')[2] as keyof typeof answers] ?? { status: 599 }
    if (status === 0) return void response.destroy()
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  const credentials = { publicKey: '0'.repeat(64), applicationId: '1457', apiRoot: `${origin}/v10` }
  const send = (
    asked: Partial<OutboundMessage> = {},
    botToken: string | undefined = 'bot.token',
  ): Promise<SendResult> =>
    adapters.discord.send({ ...base, ...asked }, { ...credentials, ...(botToken && { botToken }) }, options)
  return { received, send, paths: () => received.map(({ url }) => url) }
}

/** An update that came so many ms ago. */
const after = (ms: number): Partial<OutboundMessage> => ({ route, receivedAtMs: Date.now() - ms })
const made = { status: 200, body: { id: '777' } }
const unknownWebhook = { status: 404, body: { message: 'Unknown Webhook', code: 10015 } }
const overToken = { status: 401, body: { message: 'Invalid Webhook Token', code: 50027 } }

test('an answer goes by the interaction, without the bot’s token', async t => {
  const { received, send, paths } = await discordServer(t, { webhooks: made })

  assert.deepEqual(await send(after(0)), { status: 'sent', messageId: '777', shown: false })
  await send({ ...after(0), text: undefined as never, native: { embeds: [{ title: 'x' }], flags: 64 } })

  assert.deepEqual(paths(), Array(2).fill('/v10/webhooks/1457/a%20token%2Fof%3Fit'))
  assert.deepEqual(
    received.map(({ body }) => JSON.parse(body)),
    [
      { content: 'héllo', allowed_mentions: { parse: [] } },
      { embeds: [{ title: 'x' }], flags: 64 },
    ],
  )
  assert.equal(received[0]?.headers.authorization, undefined)
  assert.match(received[0]?.headers['user-agent'] ?? '', /^DiscordBot \(https?:\/\/\S+, [\d.]+\)$/)
})

test('without an interaction, or 15 minutes after it, the bot writes into the channel under a nonce of the message', async t => {
  const { received, send, paths } = await discordServer(t, { channels: made })

  await send()
  await send(after(15 * 60_000))
  await send({ id: '846462639134605312.1' })

  assert.deepEqual(paths(), Array(3).fill('/v10/channels/345626669114982999/messages'))
  const bodies = received.map(({ body }) => JSON.parse(body))
  assert.deepEqual(
    { ...bodies[0], nonce: '' },
    { content: 'héllo', allowed_mentions: { parse: [] }, enforce_nonce: true, nonce: '' },
  )
  assert.match(bodies[0].nonce, /^[\w-]{25}$/)
  assert.equal(bodies[0].nonce, bodies[1].nonce)
  assert.notEqual(bodies[0].nonce, bodies[2].nonce)
  assert.equal(received[0]?.headers.authorization, 'Bot bot.token')
})

test('an interaction that Discord does not know yet is tried again soon, and costs no try', async t => {
  const { send, paths } = await discordServer(t, { webhooks: unknownWebhook, channels: made })

  assert.deepEqual(await send(after(0)), {
    status: 'retry',
    afterMs: 300,
    counts: false,
    reason: 'the interaction is not known yet',
  })
  assert.equal(paths().length, 1)
})

test('an interaction that is over is followed by the channel, or final without a bot’s token', async t => {
  for (const webhooks of [unknownWebhook, overToken]) {
    const { send, paths } = await discordServer(t, { webhooks, channels: made })

    const result = await send(after(20_000))
    assert.equal(result.status === 'sent' && result.messageId, '777')
    assert.deepEqual(result.errors, webhooks === overToken ? ['invalid'] : undefined)
    assert.deepEqual(
      paths().map(path => path.split('/')[2]),
      ['webhooks', 'channels'],
    )
    const bare = await send(after(20_000), '')
    assert.equal(bare.status === 'failed' && bare.blame, 'recipient')
  }
})

test('what the interaction told counts also if the channel gives no answer', async t => {
  const headers = { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset-after': '2' }
  const { send } = await discordServer(t, { webhooks: { ...overToken, headers }, channels: { status: 0 } })

  const result = await send(after(0))

  assert.equal(result.status, 'uncertain')
  assert.deepEqual(result.errors, ['invalid'])
  assert.deepEqual(result.learned, [{ name: `follow-up:${route.interaction}`, remaining: 3, resetMs: 2000 }])
})

test('an edit is of the interaction’s answer, of a message by its id, or refused', async t => {
  const { received, send, paths } = await discordServer(t, { webhooks: made, channels: made })
  const edit = { action: 'edit' as const }

  await send({ ...after(0), ...edit })
  await send({ ...after(0), ...edit, message: '99' })
  await send({ ...after(0), ...edit, message: '100' })
  await send({ ...edit, message: '100', native: { components: [] } })
  await send({ ...after(16 * 60_000), ...edit })

  const webhook = '/v10/webhooks/1457/a%20token%2Fof%3Fit/messages'
  const channel = '/v10/channels/345626669114982999/messages'
  assert.deepEqual(paths(), [
    `${webhook}/@original`,
    `${webhook}/@original`,
    `${webhook}/100`,
    `${channel}/100`,
    `${channel}/99`,
  ])
  assert.deepEqual(JSON.parse(received[3]?.body ?? ''), { components: [] })
  assert.deepEqual(await send({ ...edit }), {
    status: 'failed',
    blame: 'message',
    reason: 'not sent: name the message to edit by its id',
    shown: false,
  })
  assert.equal((await send({ ...edit, message: '../../users/@me' })).status, 'failed')
  assert.equal(paths().length, 5)
})

test('a message that is not the interaction’s own is edited by the bot', async t => {
  const { send } = await discordServer(t, {
    webhooks: { status: 404, body: { message: 'Unknown Message', code: 10008 } },
    channels: made,
  })

  assert.equal((await send({ ...after(0), action: 'edit', message: '100' })).status, 'sent')
})

test('typing is shown in the channel, and needs the bot’s token', async t => {
  const { received, send, paths } = await discordServer(t, { channels: { status: 204 } })

  assert.deepEqual(await send({ ...after(0), action: 'typing' }), { status: 'sent' })
  assert.deepEqual(paths(), ['/v10/channels/345626669114982999/typing'])
  assert.equal(received[0]?.body, '')
  assert.equal((await send({ action: 'typing' }, '')).status, 'failed')
})

test('what names no channel is not sent', async t => {
  const { send, paths } = await discordServer(t, {})

  for (const conversation of ['bot', 'user:1', 'guild:2', 'lobby:3', '../x']) {
    const result = await send({ conversation })
    assert.equal(result.status === 'failed' && result.blame, 'message', conversation)
  }
  assert.deepEqual(paths(), [])
})

test('a 429 pauses what it names in its own unit, and is charged to the budget unless it is shared', async t => {
  const limited = (global: boolean, headers: Record<string, string>): DiscordAnswer => ({
    status: 429,
    body: { message: 'You are being rate limited.', retry_after: 0.3, global },
    headers: { 'retry-after': '1', ...headers },
  })
  const answers: Parameters<typeof discordServer>[1] = {}
  const { send } = await discordServer(t, answers)
  const outcome = async (answer: DiscordAnswer) => {
    answers.channels = answer
    const result = await send()
    assert.ok(result.status === 'retry' && !result.counts)
    return [result.afterMs, result.pauses?.[0]?.name, result.pauses?.[0]?.ms, result.errors?.[0]]
  }
  const window = 'channel-message:345626669114982999'

  assert.deepEqual(await outcome(limited(false, { 'x-ratelimit-scope': 'user' })), [
    300,
    window,
    300,
    'invalid',
  ])
  assert.deepEqual(await outcome(limited(false, { 'x-ratelimit-scope': 'shared' })), [
    300,
    window,
    300,
    undefined,
  ])
  assert.deepEqual(await outcome(limited(true, { 'x-ratelimit-global': 'true' })), [
    300,
    'global',
    300,
    'invalid',
  ])
  // The front door bans an address without any JSON.
  assert.deepEqual(
    await outcome({ status: 429, body: '<html>error 1015</html>', headers: { 'retry-after': '60' } }),
    [60_000, 'global', 60_000, 'invalid'],
  )
})

test('every answer tells the window of its route', async t => {
  const headers = {
    'x-ratelimit-remaining': '3',
    'x-ratelimit-reset-after': '1.25',
    'x-ratelimit-bucket': 'abcd',
  }
  const { send } = await discordServer(t, {
    webhooks: { ...made, headers },
    channels: { status: 400, body: { code: 50006, message: 'Cannot send an empty message' }, headers },
  })

  const told = { bucket: 'abcd', remaining: 3, resetMs: 1250 }
  assert.deepEqual((await send(after(0))).learned, [{ name: 'follow-up:846462639134605312', ...told }])
  assert.deepEqual(await send(), {
    status: 'failed',
    blame: 'message',
    reason: 'answered 400: code 50006: Cannot send an empty message',
    learned: [{ name: 'channel-message:345626669114982999', ...told }],
  })
})

for (const [what, answer, expected] of [
  ['a revoked token', { status: 401, body: { code: 0, message: '401: Unauthorized' } }, 'credentials'],
  ['no access', { status: 403, body: { code: 50001, message: 'Missing Access' } }, 'recipient'],
  [
    'a user who wants no messages',
    { status: 403, body: { code: 50007, message: 'Cannot send' } },
    'recipient',
  ],
  ['a channel that is gone', { status: 404, body: { code: 10003, message: 'Unknown Channel' } }, 'recipient'],
  [
    'a thread that is closed',
    { status: 400, body: { code: 50083, message: 'Thread is archived' } },
    'recipient',
  ],
  ['another’s message', { status: 403, body: { code: 50005, message: 'Cannot edit' } }, 'message'],
  ['a bad message', { status: 400, body: { code: 50035, message: 'Invalid Form Body' } }, 'message'],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'message'],
] as const) {
  test(`${what} is final, to the blame of the ${expected}`, async t => {
    const { send, paths } = await discordServer(t, { channels: answer })

    const result = await send()

    assert.equal(result.status === 'failed' && result.blame, expected)
    assert.deepEqual(result.errors, [401, 403].includes(answer.status) ? ['invalid'] : undefined)
    assert.equal(paths().length, 1)
  })
}

for (const [what, answer] of [
  ['a 5xx', { status: 502 }],
  ['a firewall’s 403', { status: 403, body: '<html>' }],
] as const) {
  test(`${what} is tried again, and counts`, async t => {
    const { send } = await discordServer(t, { channels: answer })
    const result = await send()
    assert.ok(result.status === 'retry' && result.counts)
  })
}

test('a 200 that is not Discord’s leaves the send uncertain', async t => {
  const { send } = await discordServer(t, { channels: { status: 200, body: '<html>' } })
  assert.equal((await send()).status, 'uncertain')
})

test('dismissing takes "thinking" away, and is content if it is gone', async t => {
  const { received, send } = await discordServer(t, { webhooks: { status: 204 } })
  const dismiss = { ...after(0), action: 'dismiss', text: undefined as never } as const

  assert.deepEqual(await send(dismiss), { status: 'sent', shown: false })

  assert.deepEqual(
    received.map(({ method, url, body }) => [method, url, body]),
    [['DELETE', '/v10/webhooks/1457/a%20token%2Fof%3Fit/messages/@original', '']],
  )
  const gone = await discordServer(t, { webhooks: { status: 404, body: { code: 10008 } } })
  assert.deepEqual(await gone.send(dismiss), { status: 'sent', shown: false })
})

test('a text calls nobody, wherever it goes and also as an edit; a native message decides itself', async t => {
  const { received, send } = await discordServer(t, { webhooks: made, channels: made })
  const text = '/say @everyone <@1>'

  await send({ ...after(0), text })
  await send({ text })
  await send({ ...after(0), action: 'edit', message: '100', text })
  await send({ action: 'edit', message: '100', text })
  await send({ ...after(0), text: undefined as never, native: { content: '@everyone' } })

  const bodies = received.map(({ body }) => JSON.parse(body))
  for (const { content, allowed_mentions } of bodies.slice(0, 4)) {
    assert.deepEqual(
      { content, allowed_mentions },
      { content: '/say @everyone \\<@1>', allowed_mentions: { parse: [] } },
    )
  }
  assert.deepEqual(bodies[4], { content: '@everyone' })
})

test('after a form that a component opened the component’s message is edited, not the answer to the form', async t => {
  const { send, paths } = await discordServer(t, { webhooks: made, channels: made })
  const { message: openedFrom, ...rest } = route
  const form = { ...rest, openedFrom }

  await send({ ...after(0), route: form, action: 'edit' })
  await send({ ...after(0), route: form, action: 'edit', message: openedFrom })
  await send({ ...after(16 * 60_000), route: form, action: 'edit' })
  await send({ ...after(0), route: rest, action: 'edit' })

  const webhook = '/v10/webhooks/1457/a%20token%2Fof%3Fit/messages'
  assert.deepEqual(paths(), [
    `${webhook}/99`,
    `${webhook}/99`,
    '/v10/channels/345626669114982999/messages/99',
    `${webhook}/@original`,
  ])
})

test('a lobby that is linked to a channel is answered there, another not at all', async t => {
  const { send, paths } = await discordServer(t, { channels: made })

  await send({ conversation: 'lobby:5', route: { channel: '6' } })
  const unlinked = await send({ conversation: 'lobby:5' })

  assert.deepEqual(paths(), ['/v10/channels/6/messages'])
  assert.equal(unlinked.status === 'failed' && unlinked.blame, 'message')
})
