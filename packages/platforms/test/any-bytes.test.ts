import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { standardSignature } from '../src/custom/signature.ts'
import { adapters, InvalidUpdateError } from '../src/index.ts'
import { updateKinds } from '../src/telegram/update-kinds.ts'
import { webhookRequest } from './webhook-request.ts'

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
const anyBytes = fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes))
const anyJson = fc.json({ maxDepth: 4, stringUnit: 'binary' })
// Values of the wrong type at the very places that are read.
const anyShape = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e308, 2 ** 60, '', 'text', '\ud800', '/start', []),
    fc.dictionary(
      fc.constantFrom('id', 'chat', 'from', 'user', 'text', 'message', 'date', 'data', '__proto__', 'conversation'),
      tie('value'),
      { noNullPrototype: false },
    ),
  ),
})).value
const anyUpdate = fc
  .tuple(
    fc.constantFrom('update_id', 'id', 'x'),
    fc.constantFrom(...updateKinds.keys(), 'text', 'unknown'),
    anyShape,
    anyShape,
  )
  .map(([first, second, a, b]) => JSON.stringify({ [first]: a, [second]: b, conversation: 'c' }))
const anyBody = fc.oneof(anyBytes, anyJson, anyUpdate)

for (const [platform, adapter] of Object.entries(adapters)) {
  test(`whatever the bytes, ${platform} reads valid updates of them or refuses with an InvalidUpdateError`, () => {
    fc.assert(
      fc.property(anyBody, body => {
        try {
          for (const update of adapter.normalise(webhookRequest(body))) {
            assert.ok(update.id.length > 0 && update.conversation.length > 0)
            for (const field of ['id', 'conversation', 'user', 'text'] as const) {
              assert.ok(update[field] === undefined || typeof update[field] === 'string')
            }
            assert.ok(update.sentAtMs === undefined || Number.isFinite(update.sentAtMs))
          }
        } catch (error) {
          assert.ok(error instanceof InvalidUpdateError, String(error))
        }
      }),
      { numRuns: 1000 },
    )
  })

  test(`whatever headers and bytes, ${platform} finds them not genuine and throws nothing`, () => {
    const header = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.constant(undefined))
    const now = String(Math.floor(Date.now() / 1000))
    fc.assert(
      fc.property(
        anyBytes,
        fc.array(header, { minLength: 4, maxLength: 4 }),
        (body, [token, id, timestamp, signature]) => {
          const headers = {
            'x-telegram-bot-api-secret-token': token,
            'webhook-id': id,
            'webhook-timestamp': fc.sample(fc.constantFrom(timestamp, now), 1)[0],
            'webhook-signature': typeof signature === 'string' ? `v1,${signature}` : signature,
          }

          const verdict = adapter.verify(webhookRequest(body, headers), {
            secret,
            webhookSecret: 'right',
            token: '1:a',
          })

          assert.equal(verdict.genuine, false)
        },
      ),
    )
  })
}

test('a body of any bytes can be signed and verified', () => {
  fc.assert(
    fc.property(anyBytes, body => {
      const timestamp = String(Math.floor(Date.now() / 1000))
      const signature = standardSignature(secret, { id: 'msg_1', timestamp, body }).toString('base64')
      const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }

      assert.deepEqual(adapters.custom.verify(webhookRequest(body, headers), { secret }), { genuine: true })
    }),
  )
})
