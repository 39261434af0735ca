import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Agent } from 'undici'
import { verifyTeams } from '../../src/teams/verify.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { signingService } from '../jwt/signing-service.ts'

const appId = '11111111-2222-3333-4444-555555555555'
const serviceUrl = 'https://smba.trafficmanager.net/amer/'
const claims = { iss: 'https://api.botframework.com', aud: appId, serviceurl: serviceUrl }

async function bot(t: TestContext, endorsements?: string[]) {
  const service = await signingService(endorsements)
  const dispatcher = new Agent()
  t.after(async () => {
    await dispatcher.destroy()
    await service.end()
  })
  const resultOf = async (activity: object | string, token: object = claims) => {
    const body = typeof activity === 'string' ? activity : JSON.stringify(activity)
    const authorization = `Bearer ${await service.sign({ ...token })}`
    const network = { dispatcher, signal: new AbortController().signal }
    const credentials = { appId, openIdUrl: `${service.origin}/openid` }
    const result = await verifyTeams(webhookRequest(body, { authorization }), credentials, network)
    return result.genuine ? 'genuine' : result.reason
  }
  return { service, resultOf }
}

test('a token is good for the service url that it names, and no other', async t => {
  const { resultOf } = await bot(t)

  assert.equal(await resultOf({ serviceUrl }), 'genuine')
  assert.equal(await resultOf({ serviceUrl: 'https://evil.example/' }), 'mismatch')
  assert.equal(await resultOf({ serviceUrl: serviceUrl.slice(0, -1) }), 'mismatch')
  assert.equal(await resultOf({}), 'mismatch')
  assert.equal(await resultOf({}, { ...claims, serviceurl: undefined }), 'mismatch')
  assert.equal(await resultOf('no JSON'), 'mismatch')
})

test('a key with endorsements is good for their channels alone', async t => {
  const endorsed = await bot(t, ['msteams', 'webchat'])
  const unlimited = await bot(t)

  assert.equal(await endorsed.resultOf({ serviceUrl, channelId: 'msteams' }), 'genuine')
  assert.equal(await endorsed.resultOf({ serviceUrl, channelId: 'skype' }), 'mismatch')
  assert.equal(await endorsed.resultOf({ serviceUrl }), 'mismatch')
  assert.equal(await unlimited.resultOf({ serviceUrl, channelId: 'skype' }), 'genuine')
})

test('while Microsoft’s keys cannot be had, a call is unavailable: it is to come again', async t => {
  const { service, resultOf } = await bot(t)
  service.fail(true)

  assert.equal(await resultOf({ serviceUrl }), 'unavailable')
})
