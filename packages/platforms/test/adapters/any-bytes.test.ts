import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Agent } from 'undici'
import { standardSignature } from '../../src/custom/signature.ts'
import { verifyCustom } from '../../src/custom/verify.ts'
import { loadCases } from '../conformance/load-cases.ts'
import { startedCase } from '../conformance/subject.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const anyBytes = fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes))
const now = String(Math.floor(Date.now() / 1000))
// Nearly right at times; the names are those that some platform's genuine calls have.
const anyValue = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.string(), { maxLength: 2 }),
  fc.constantFrom(now, 'sha256=', 'v0=', 'v1,AAAA', 'Bearer ', 'Bearer e30.e30.e30', '0'.repeat(128)),
)

for (const { platform, case: of } of await loadCases()) {
  if (!of) continue
  test(`whatever headers and bytes, ${platform} finds them not genuine and throws nothing`, async t => {
    const { adapter, credentials, request, dispatcher, end } = await startedCase(of)
    const agent = new Agent()
    t.after(async () => {
      await agent.destroy()
      await end()
    })
    const network = { dispatcher: dispatcher ?? agent, signal: new AbortController().signal }
    const genuine = await request(Buffer.from('{}'))
    const anyHeaders = fc.dictionary(fc.constantFrom(...Object.keys(genuine.headers), 'x-other'), anyValue)
    await fc.assert(
      fc.asyncProperty(anyBytes, anyHeaders, async (body, headers) => {
        const result = await adapter.verify(webhookRequest(body, headers), credentials, network)

        assert.equal(result.genuine, false)
      }),
      { numRuns: 300 },
    )
  })
}

test('a body of any bytes can be signed and verified', () => {
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
  fc.assert(
    fc.property(anyBytes, body => {
      const signature = standardSignature(secret, { id: 'msg_1', timestamp: now, body }).toString('base64')
      const headers = {
        'webhook-id': 'msg_1',
        'webhook-timestamp': now,
        'webhook-signature': `v1,${signature}`,
      }

      assert.deepEqual(verifyCustom(webhookRequest(body, headers), { secret }), { genuine: true })
    }),
  )
})
