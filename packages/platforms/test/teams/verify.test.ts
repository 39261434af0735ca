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
  const verdictOf = async (activity: object | string, token: object = claims) => {
    const body = typeof activity === 'string' ? activity : JSON.stringify(activity)
    const authorization = `Bearer ${await service.sign({ ...token })}`
    const network = { dispatcher, signal: new AbortController().signal }
    const credentials = { appId, openIdUrl: `${service.origin}/openid` }
    const verdict = await verifyTeams(webhookRequest(body, { authorization }), credentials, network)
    return verdict.genuine ? 'genuine' : verdict.reason
  }
  return { service, verdictOf }
}

test('a token is good for the service url that it names, and no other', async t => {
  const { verdictOf } = await bot(t)

  assert.equal(await verdictOf({ serviceUrl }), 'genuine')
  assert.equal(await verdictOf({ serviceUrl: 'https://evil.example/' }), 'mismatch')
  assert.equal(await verdictOf({ serviceUrl: serviceUrl.slice(0, -1) }), 'mismatch')
  assert.equal(await verdictOf({}), 'mismatch')
  assert.equal(await verdictOf({}, { ...claims, serviceurl: undefined }), 'mismatch')
  assert.equal(await verdictOf('no JSON'), 'mismatch')
})

test('a key with endorsements is good for their channels alone', async t => {
  const endorsed = await bot(t, ['msteams', 'webchat'])
  const unlimited = await bot(t)

  assert.equal(await endorsed.verdictOf({ serviceUrl, channelId: 'msteams' }), 'genuine')
  assert.equal(await endorsed.verdictOf({ serviceUrl, channelId: 'skype' }), 'mismatch')
  assert.equal(await endorsed.verdictOf({ serviceUrl }), 'mismatch')
  assert.equal(await unlimited.verdictOf({ serviceUrl, channelId: 'skype' }), 'genuine')
})

test('while Microsoft’s keys cannot be had, a call is unavailable: it is to come again', async t => {
  const { service, verdictOf } = await bot(t)
  service.fail(true)

  assert.equal(await verdictOf({ serviceUrl }), 'unavailable')
})
