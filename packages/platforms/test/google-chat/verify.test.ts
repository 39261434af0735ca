import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { OAuth2Client } from 'google-auth-library'
import { Agent } from 'undici'
import { verifyGoogleChat } from '../../src/google-chat/verify.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { signingService } from '../jwt/signing-service.ts'

const chat = 'chat@system.gserviceaccount.com'
const addOn = 'service-123@gcp-sa-gsuiteaddons.iam.gserviceaccount.com'
const { url } = webhookRequest('')
const byGoogle = { iss: 'https://accounts.google.com', aud: url, email: chat, email_verified: true }
const byChat = { iss: chat, aud: '123456789012' }

async function app(t: TestContext, credentials: { audience: string; callers?: string[] }) {
  const service = await signingService()
  const dispatcher = new Agent()
  t.after(async () => {
    await dispatcher.destroy()
    await service.end()
  })
  const network = { dispatcher, signal: new AbortController().signal }
  const keys = { jwksUrl: `${service.origin}/keys`, certsUrl: `${service.origin}/certs` }
  const resultOf = async (claims: Record<string, unknown>) => {
    const request = webhookRequest('{}', { authorization: `Bearer ${await service.sign(claims)}` })
    const result = await verifyGoogleChat(request, { ...credentials, ...keys }, network)
    return result.genuine ? 'genuine' : result.reason
  }
  return { service, resultOf }
}

test('an app whose audience is its url takes Google’s tokens for that url on behalf of Chat, and no others', async t => {
  const { resultOf } = await app(t, { audience: url })

  assert.equal(await resultOf(byGoogle), 'genuine')
  assert.equal(await resultOf({ ...byGoogle, email: 'somebody@gmail.com' }), 'mismatch')
  assert.equal(await resultOf({ ...byGoogle, email: undefined }), 'mismatch')
  assert.equal(await resultOf({ ...byGoogle, email_verified: false }), 'mismatch')
  assert.equal(await resultOf({ ...byGoogle, email_verified: 'true' }), 'mismatch')
  assert.equal(await resultOf({ ...byGoogle, aud: 'https://other.example/' }), 'mismatch')
  assert.equal(await resultOf({ ...byGoogle, iss: 'https://evil.example' }), 'mismatch')
  assert.equal(await resultOf({ ...byGoogle, iss: chat }), 'mismatch')
})

test('an app whose audience is its project’s number takes Chat’s own tokens, by Chat’s certificates', async t => {
  const { service, resultOf } = await app(t, { audience: '123456789012' })

  assert.equal(await resultOf(byChat), 'genuine')
  assert.deepEqual(service.fetched, ['/certs'])
  const token = await service.sign(byChat)
  await new OAuth2Client().verifySignedJwtWithCertsAsync(token, await service.pems(), byChat.aud, [chat])
  assert.equal(await resultOf({ ...byChat, aud: '210987654321' }), 'mismatch')
  assert.equal(await resultOf(byGoogle), 'mismatch')
})

test('an add-on or a push subscription calls by an account that the operator named', async t => {
  for (const audience of [url, '123456789012']) {
    const { resultOf } = await app(t, { audience, callers: [addOn] })

    assert.equal(await resultOf({ ...byGoogle, email: addOn }), 'genuine')
    assert.equal(
      await resultOf({ ...byGoogle, email: 'service-124@gcp-sa-gsuiteaddons.iam.gserviceaccount.com' }),
      'mismatch',
    )
  }
})

test('while Google’s keys cannot be had, a call is unavailable: it is to come again', async t => {
  const { service, resultOf } = await app(t, { audience: url })
  service.fail(true)

  assert.equal(await resultOf(byGoogle), 'unavailable')
})
