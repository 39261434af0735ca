import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { build, customCall, telegramCall } from './helper.ts'

const options = { ipLimitPerMinute: 1e9, ipFailuresPerMinute: 1e9 }
const headerText = fc.string({ unit: 'binary-ascii' }).map(text => text.replace(/[^\t\x20-\x7e]/g, ''))
const anyHeaders = fc.dictionary(
  fc.constantFrom(
    'content-type',
    'x-telegram-bot-api-secret-token',
    'webhook-id',
    'webhook-timestamp',
    'webhook-signature',
    'x-forwarded-for',
    'accept-version',
    'connection',
    'expect',
  ),
  headerText,
)

test('no address, header or body whatsoever is answered 5xx or stored without its secret', async t => {
  const { app, deliveries } = await build(t, { options })
  const anyUrl = fc.oneof(
    fc.constantFrom('/hooks/telegram/echo', '/hooks/custom/shop', '/hooks/telegram/', '/hooks//echo'),
    fc.webPath().map(path => `/hooks${path}`),
    fc.string().map(text => `/hooks/telegram/${text.replace(/[^\x21-\x7e]/g, '')}`),
  )

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('POST' as const, 'GET' as const, 'PUT' as const),
      anyUrl,
      anyHeaders,
      fc.uint8Array({ maxLength: 200 }),
      async (method, url, headers, body) => {
        const answer = await app.inject({ method, url, headers, payload: Buffer.from(body) })

        assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, `${answer.statusCode} ${answer.body}`)
        assert.match(answer.json().error.code, /^GTW_/)
      },
    ),
    { numRuns: 300 },
  )
  assert.equal(deliveries.length, 0)
})

test('no body of a genuine call is answered other than 200 or 400', async t => {
  const { app } = await build(t, { options })
  const anyJson = fc.oneof(
    fc.json(),
    fc.record({ update_id: fc.integer(), message: fc.jsonValue() }).map(value => JSON.stringify(value)),
    fc
      .record({ id: fc.string(), conversation: fc.jsonValue(), text: fc.jsonValue() })
      .map(value => JSON.stringify(value)),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '{"__proto__":{"a":1},"update_id":1}',
      '['.repeat(100_000),
      '{"update_id":1e400}',
      '\u0000',
    ),
  )

  await fc.assert(
    fc.asyncProperty(anyJson, fc.boolean(), async (payload, isTelegram) => {
      const call = isTelegram ? { ...telegramCall(1), payload } : customCall(payload)

      const answer = await app.inject(call)

      assert.ok(answer.statusCode === 200 || answer.statusCode === 400, `${answer.statusCode} ${answer.body}`)
    }),
    { numRuns: 400 },
  )
})
