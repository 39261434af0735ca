import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import type { OutboundMessage } from '@botyard/queue-contracts'
import type { ApiError, ApiSuccess, Message } from '@grammyjs/types'
import { adapters } from '../../src/index.ts'
import { localServer, type Received } from '../http/local-server.ts'

const token = '123456:AAsecret-part_of_the_token'
const message = {
  id: '9.0',
  bot: 'b',
  platform: 'telegram' as const,
  conversation: '-1001',
  text: 'hello',
  receivedAtMs: 0,
}

/** Sends one message to a server that answers so, and gives back what came of it and what the server had. */
async function send(
  t: TestContext,
  answer: (response: ServerResponse, request: Received) => void,
  change: Partial<OutboundMessage> = {},
) {
  const { origin, received, options } = await localServer(t, (request, response) => answer(response, request))
  const result = await adapters.telegram.send({ ...message, ...change }, { token, apiRoot: origin }, options)
  assert.doesNotMatch(JSON.stringify(result), /AAsecret/)
  return { result, received }
}

function json(status: number, body: object, headers: Record<string, string> = {}) {
  return (response: ServerResponse) => response.writeHead(status, headers).end(JSON.stringify(body))
}

const sent: ApiSuccess<Partial<Message>> = { ok: true, result: { message_id: 1 } }

function refusal(error: Omit<ApiError, 'ok'>): ApiError {
  return { ok: false, ...error }
}

test('a reply is posted to sendMessage with the chat’s number and the text', async t => {
  const { result, received } = await send(t, json(200, sent))

  assert.deepEqual(result, { status: 'sent', messageId: '1' })
  assert.equal(received[0]?.url, `/bot${token}/sendMessage`)
  assert.equal(received[0]?.headers['content-type'], 'application/json')
  assert.deepEqual(JSON.parse(received[0]?.body ?? ''), { chat_id: -1001, text: 'hello' })
})

/** The method and the parameters that a message becomes. */
async function callOf(t: TestContext, change: Partial<OutboundMessage>) {
  const { text, ...rest } = message
  const { origin, received, options } = await localServer(t, (_request, response) =>
    json(200, sent)(response),
  )
  const result = await adapters.telegram.send({ ...rest, ...change }, { token, apiRoot: origin }, options)
  const [call] = received
  return call ? [call.url.split('/').at(-1), JSON.parse(call.body)] : result
}

test('a native message names its method, and gets the chat, the topic and the business account if it names no chat', async t => {
  const route = { message_thread_id: '77', business_connection_id: 'b1' }
  const native = { method: 'sendPhoto', photo: 'https://example.com/cat.jpg' }

  assert.deepEqual(await callOf(t, { native, route }), [
    'sendPhoto',
    { chat_id: -1001, message_thread_id: 77, business_connection_id: 'b1', photo: native.photo },
  ])
  assert.deepEqual(await callOf(t, { native: { ...native, chat_id: '@channel' }, route }), [
    'sendPhoto',
    { chat_id: '@channel', photo: native.photo },
  ])
  assert.deepEqual(await callOf(t, { native: { text: 'x', parse_mode: 'HTML' } }), [
    'sendMessage',
    { chat_id: -1001, text: 'x', parse_mode: 'HTML' },
  ])
  assert.deepEqual(
    await callOf(t, {
      native: { method: 'answerCallbackQuery', callback_query_id: '9' },
      conversation: 'bot',
    }),
    ['answerCallbackQuery', { callback_query_id: '9' }],
  )
})

test('a method that is no method’s name is not called: it would change the url', async t => {
  for (const method of ['../bot1:x/sendMessage', 'send?x=', '', 5, 'send\n']) {
    const result = (await callOf(t, { native: { method } })) as { status: string; blame: string }

    assert.equal(result.status, 'failed')
    assert.equal(result.blame, 'message')
  }
})

test('an edit is of the named message, or of the one whose button was pressed', async t => {
  const edit = { action: 'edit' as const, text: 'new' }

  assert.deepEqual(
    await callOf(t, { ...edit, message: '5', route: { message: '6', message_thread_id: '7' } }),
    ['editMessageText', { chat_id: -1001, message_id: 5, text: 'new' }],
  )
  assert.deepEqual(await callOf(t, { ...edit, route: { message: '6' } }), [
    'editMessageText',
    { chat_id: -1001, message_id: 6, text: 'new' },
  ])
  assert.deepEqual(
    await callOf(t, { ...edit, conversation: 'user:42', route: { inline_message_id: 'AgA' } }),
    ['editMessageText', { inline_message_id: 'AgA', text: 'new' }],
  )
  const native = { method: 'editMessageReplyMarkup', reply_markup: {} }
  assert.deepEqual(await callOf(t, { action: 'edit', native, message: '5' }), [
    'editMessageReplyMarkup',
    { chat_id: -1001, message_id: 5, reply_markup: {} },
  ])
  for (const wrong of [{}, { message: 'x' }, { message: '' }]) {
    assert.deepEqual(await callOf(t, { ...edit, ...wrong }), {
      status: 'failed',
      blame: 'message',
      reason: 'not sent: name the message to edit by its message_id',
      shown: false,
    })
  }
})

test('an edit that changes nothing is sent: what it asked for is so', async t => {
  const description =
    'Bad Request: message is not modified: specified new message content is exactly the same'

  const { result } = await send(t, json(400, refusal({ error_code: 400, description })), {
    action: 'edit',
    message: '5',
  })

  assert.deepEqual(result, { status: 'sent' })
})

test('typing is shown in the chat and the topic', async t => {
  assert.deepEqual(await callOf(t, { action: 'typing', route: { message_thread_id: '77' } }), [
    'sendChatAction',
    { chat_id: -1001, message_thread_id: 77, action: 'typing' },
  ])
})

test('a 429 of a broadcast pauses the bot’s broadcasts too, one of a reply just the chat', async t => {
  const error = refusal({ error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 7 } })

  const { result } = await send(t, json(429, error), { broadcast: { id: 'news', n: 1 } })

  assert.ok(result.status === 'retry')
  assert.deepEqual(result.pauses, [{ name: 'bulk', ms: 7000 }])
})

test('a slash at the end of apiRoot, or a path in it, changes nothing else', async t => {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    json(200, sent)(response),
  )

  await adapters.telegram.send(message, { token, apiRoot: `${origin}/bots/` }, options)

  assert.equal(received[0]?.url, `/bots/bot${token}/sendMessage`)
})

test('a reply to an update without a chat goes to the user’s private chat', async t => {
  const { received } = await send(t, json(200, sent), { conversation: 'user:42' })

  assert.equal(JSON.parse(received[0]?.body ?? '').chat_id, 42)
})

test('a reply to a poll fails without a call: there is nobody to tell', async t => {
  for (const conversation of ['poll:5', 'bot']) {
    const { result, received } = await send(t, json(200, sent), { conversation })

    assert.equal(result.status, 'failed')
    assert.deepEqual(received, [])
  }
})

test('half a surrogate pair is replaced, since Telegram would refuse the text', async t => {
  const { received } = await send(t, json(200, sent), { text: 'a\ud83d' })

  assert.equal(JSON.parse(received[0]?.body ?? '').text, 'a\ufffd')
})

test('a 429 is a pause as long as Telegram says, and no try', async t => {
  const error = refusal({
    error_code: 429,
    description: 'Too Many Requests: retry after 7',
    parameters: { retry_after: 7 },
  })

  const { result } = await send(t, json(429, error))

  assert.deepEqual(result, {
    status: 'retry',
    afterMs: 7000,
    counts: false,
    reason: 'answered 429: Too Many Requests: retry after 7',
  })
})

test('a 429 without a body the Bot API would send takes the header’s pause, or leaves it open', async t => {
  const page = (headers: Record<string, string>) => (response: ServerResponse) =>
    response.writeHead(429, headers).end('<html>slow down</html>')

  const pause = { status: 'retry', counts: false, reason: 'answered 429' }
  assert.deepEqual((await send(t, page({ 'retry-after': '3' }))).result, { ...pause, afterMs: 3000 })
  assert.deepEqual((await send(t, page({ 'retry-after': '1e9' }))).result, { ...pause, afterMs: 86_400_000 })
  assert.deepEqual((await send(t, page({}))).result, { ...pause, afterMs: undefined })
  const date = { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }
  assert.deepEqual((await send(t, page(date))).result, { ...pause, afterMs: undefined })
})

test('a server error is tried again and counts, also as a proxy’s error page', async t => {
  const page = (response: ServerResponse) => response.writeHead(502).end('<html>Bad Gateway</html>')
  const own = json(500, refusal({ error_code: 500, description: 'Internal Server Error' }))

  const retry = { status: 'retry', afterMs: undefined, counts: true }
  assert.deepEqual((await send(t, page)).result, { ...retry, reason: 'answered 502' })
  assert.deepEqual((await send(t, own)).result, { ...retry, reason: 'answered 500: Internal Server Error' })
})

test('a refusal is final', async t => {
  for (const [error_code, blame, description] of [
    [400, 'message', 'Bad Request: message is too long'],
    [400, 'recipient', 'Bad Request: chat not found'],
    [401, 'credentials', 'Unauthorized'],
    [403, 'recipient', 'Forbidden: bot was blocked by the user'],
    [404, 'message', 'Not Found'],
  ] as const) {
    const { result, received } = await send(t, json(error_code, refusal({ error_code, description })))

    assert.deepEqual(result, { status: 'failed', blame, reason: `answered ${error_code}: ${description}` })
    assert.equal(received.length, 1)
  }
})

test('a group that became a supergroup is followed there, once', async t => {
  const moved = refusal({
    error_code: 400,
    description: 'Bad Request: group chat was upgraded to a supergroup chat',
    parameters: { migrate_to_chat_id: -1009 },
  })

  const followed = await send(t, (response, request) =>
    request.body.includes('-1009') ? json(200, sent)(response) : json(400, moved)(response),
  )
  const circling = await send(t, json(400, moved))

  assert.deepEqual(followed.result, { status: 'sent', messageId: '1' })
  assert.deepEqual(
    followed.received.map(({ body }) => JSON.parse(body).chat_id),
    [-1001, -1009],
  )
  assert.equal(circling.result.status, 'failed')
  assert.equal(circling.received.length, 2)
})

test('a redirect is final and not followed: it would carry the token elsewhere', async t => {
  const { result, received } = await send(t, response =>
    response.writeHead(307, { location: '/elsewhere' }).end(),
  )

  assert.deepEqual(result, { status: 'failed', blame: 'message', reason: 'answered 307' })
  assert.equal(received.length, 1)
})

test('a 200 that the Bot API did not write is uncertain', async t => {
  for (const body of ['<html>Welcome to the hotel</html>', '', '{"ok":"yes"}', 'null', '['.repeat(50_000)]) {
    const { result } = await send(t, response => response.writeHead(200).end(body))

    assert.equal(result.status, 'uncertain', body.slice(0, 20))
  }
})

test('an answer without end is cut, not collected', async t => {
  const { result } = await send(t, response => {
    response.writeHead(200)
    const more = () => response.writable && response.write('x'.repeat(16_384), more)
    more()
  })

  assert.equal(result.status, 'uncertain')
})

test('a token that a server echoes is struck out, and so are control characters and length', async t => {
  const description = `no ${token}\r\n\u001b[31m ${'long '.repeat(500)}`

  const { result } = await send(t, json(400, refusal({ error_code: 400, description })))

  assert.ok(result.status === 'failed' && result.reason.length < 250)
  assert.match(result.reason, /^answered 400: no 123456:… /)
  assert.doesNotMatch(result.reason, /\p{Cc}/u)
})

test('what Telegram quotes of a text stays out of the reason', async t => {
  const entities = "Bad Request: can't parse entities: "
  for (const [description, reason] of [
    [
      `${entities}Unsupported start tag "my "secret"" at byte offset 5`,
      `${entities}Unsupported start tag "…" at byte offset 5`,
    ],
    [
      `${entities}Unmatched end tag, expected "</b>", found "</secret>"`,
      `${entities}Unmatched end tag, expected "…"`,
    ],
    ["Bad Request: button URL 'http://secret' is invalid", "Bad Request: button URL '…' is invalid"],
    [`${entities}Character '.' is reserved`, `${entities}Character '.' is reserved`],
  ] as const) {
    const { result } = await send(t, json(400, refusal({ error_code: 400, description })))

    assert.deepEqual(result, { status: 'failed', blame: 'message', reason: `answered 400: ${reason}` })
  }
})

test('an acknowledgement that comes too late is done with: nobody waits any more; a notice is lost', async t => {
  const description = 'Bad Request: query is too old and response timeout expired or query ID is invalid'
  const tooLate = json(400, refusal({ error_code: 400, description }))
  const sendNative = async (native: object) =>
    (await send(t, tooLate, { native: { ...native } })).result.status

  assert.equal(await sendNative({ method: 'answerCallbackQuery', callback_query_id: '1' }), 'sent')
  assert.equal(await sendNative({ method: 'answerInlineQuery', inline_query_id: '1', results: [] }), 'sent')
  assert.equal(
    await sendNative({ method: 'answerCallbackQuery', callback_query_id: '1', text: 'paid' }),
    'failed',
  )
  assert.equal(
    await sendNative({ method: 'answerPreCheckoutQuery', pre_checkout_query_id: '1', ok: false }),
    'failed',
  )
})

test('a message that only one user sees has no id', async t => {
  const { result } = await send(
    t,
    json(200, { ok: true, result: { message_id: 0, ephemeral_message_id: 3 } }),
  )

  assert.deepEqual(result, { status: 'sent' })
})
