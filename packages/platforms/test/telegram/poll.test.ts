import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { pollTelegram } from '../../src/telegram/poll.ts'
import { localServer } from '../http/local-server.ts'

async function poll(t: TestContext, status: number, body: string, offset?: string) {
  const { origin, received, options } = await localServer(t, (_request, response) =>
    response.writeHead(status).end(body),
  )
  const result = await pollTelegram({ token: '123456:AAsecret', apiRoot: origin }, offset, options)
  assert.doesNotMatch(JSON.stringify(result), /AAsecret/)
  return { result, received }
}

test('a page of updates becomes the bytes of each, and the offset after the last', async t => {
  const first = '{ "update_id": 7, "message": {"chat":{"id":1.0e0},"text":"\\u00e4"} }'
  const second = '{"update_id":9,"big":12345678901234567890}'

  const { result, received } = await poll(t, 200, `{"ok":true,"result":[${first} ,\n${second}]}`, '7')

  assert.ok(result.status === 'updates')
  assert.deepEqual(result.bodies.map(String), [first, second])
  assert.equal(result.next, '10')
  assert.deepEqual(JSON.parse(received[0]?.body ?? ''), { timeout: 25, limit: 100, offset: 7 })
})

test('no updates leave the offset as it was; the first call has none', async t => {
  const empty = '{"ok":true,"result":[]}'
  const later = await poll(t, 200, empty, '7')
  const first = await poll(t, 200, empty)

  assert.deepEqual(later.result, { status: 'updates', bodies: [], next: '7' })
  assert.deepEqual(first.result, { status: 'updates', bodies: [], next: undefined })
  assert.deepEqual(JSON.parse(first.received[0]?.body ?? ''), { timeout: 25, limit: 100 })
})

test('a page of a megabyte comes whole', async t => {
  const updates = Array.from({ length: 100 }, (_, n) => ({ update_id: n, text: 'x'.repeat(12_000) }))

  const { result } = await poll(t, 200, JSON.stringify({ ok: true, result: updates }))

  assert.ok(result.status === 'updates')
  assert.deepEqual(
    result.bodies.map(body => JSON.parse(body.toString())),
    updates,
  )
})

test('a token that Telegram does not know blames the credentials', async t => {
  for (const [status, description] of [
    [401, 'Unauthorized'],
    [404, 'Not Found'],
  ] as const) {
    const { result } = await poll(t, status, JSON.stringify({ ok: false, error_code: status, description }))

    assert.ok(result.status === 'retry')
    assert.equal(result.blame, 'credentials')
  }
})

test('a conflict with a webhook or another poller says what to do', async t => {
  const description = "Conflict: can't use getUpdates method while webhook is active"

  const { result } = await poll(t, 409, JSON.stringify({ ok: false, error_code: 409, description }))

  assert.deepEqual(result, {
    status: 'retry',
    afterMs: 5000,
    reason: `answered 409: ${description}. Delete the bot's webhook, or stop whoever else asks for its updates`,
  })
})

test('a pause lasts as long as asked; errors, cut pages and odd answers are asked again', async t => {
  const tooMany = { ok: false, error_code: 429, description: 'Too Many', parameters: { retry_after: 3 } }
  const paused = await poll(t, 429, JSON.stringify(tooMany))
  assert.deepEqual(paused.result, { status: 'retry', afterMs: 3000, reason: 'answered 429: Too Many' })

  for (const [status, body] of [
    [502, '<html>'],
    [200, '<html>'],
    [200, '{"ok":true,"result":[{"update_id":1}'],
    [200, '{"ok":true,"result":5}'],
    [200, '{"ok":true,"result":[{"update_id":"1"}]}'],
    [200, '{"ok":true}'],
  ] as const) {
    const { result } = await poll(t, status, body)

    assert.equal(result.status, 'retry', body)
  }
})

test('a poll that is never answered ends, and the next one brings the updates', {
  timeout: 20_000,
}, async t => {
  let polls = 0
  const { origin, options } = await localServer(t, (_request, response) => {
    if (++polls > 1) response.end('{"ok":true,"result":[{"update_id":7}]}')
  })
  const bot = { token: '123456:AAsecret', apiRoot: origin }

  const silent = await pollTelegram(bot, '7', options, 50)
  const next = await pollTelegram(bot, '7', options, 5_000)

  assert.deepEqual(silent, {
    status: 'retry',
    afterMs: 1000,
    reason: 'no answer: UND_ERR_HEADERS_TIMEOUT',
  })
  assert.equal(next.status, 'updates')
})

test('a page that stops coming ends as well', { timeout: 20_000 }, async t => {
  const { origin, options } = await localServer(t, (_request, response) =>
    response.writeHead(200).write('{"ok":true,"result":[{"update_id":'),
  )

  const cut = await pollTelegram({ token: '123456:AAsecret', apiRoot: origin }, '7', options, 50)

  assert.equal(cut.status, 'retry')
})
