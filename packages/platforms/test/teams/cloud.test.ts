import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Agent } from 'undici'
import { cloudOf } from '../../src/teams/cloud.ts'
import { serviceUrlOf } from '../../src/teams/service-url.ts'
import { tokenSourceOf } from '../../src/teams/token-source.ts'
import { verifyTeams } from '../../src/teams/verify.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { signingService } from '../jwt/signing-service.ts'

const appId = '11111111-2222-3333-4444-555555555555'
const app = { appId, appPassword: 'secret' }

async function resultOf(t: TestContext, iss: string, serviceUrl: string, settings: object) {
  const service = await signingService()
  const dispatcher = new Agent()
  t.after(async () => {
    await dispatcher.destroy()
    await service.end()
  })
  const authorization = `Bearer ${await service.sign({ iss, aud: appId, serviceurl: serviceUrl })}`
  const credentials = { appId, openIdUrl: `${service.origin}/openid`, ...settings }
  const network = { dispatcher, signal: new AbortController().signal }
  const body = JSON.stringify({ type: 'message', serviceUrl })
  const result = await verifyTeams(webhookRequest(body, { authorization }), credentials, network)
  return result.genuine ? 'genuine' : result.reason
}

const government = 'https://smba.infra.gov.teams.microsoft.us/gcch/'

test('a token of a government’s or 21Vianet’s cloud is genuine for a bot of that cloud alone', async t => {
  const issuer = {
    public: 'https://api.botframework.com',
    us: 'https://api.botframework.us',
    cn: 'https://api.botframework.azure.cn',
  }

  assert.equal(await resultOf(t, issuer.us, government, { cloud: 'gccHigh' }), 'genuine')
  assert.equal(await resultOf(t, issuer.us, government, { cloud: 'dod' }), 'genuine')
  assert.equal(
    await resultOf(t, issuer.us, government, { loginUrl: 'https://login.microsoftonline.us' }),
    'genuine',
  )
  assert.equal(
    await resultOf(t, issuer.cn, 'https://x.botframework.azure.cn/', { cloud: 'china' }),
    'genuine',
  )
  assert.equal(await resultOf(t, issuer.public, government, { cloud: 'gcc' }), 'genuine')
  assert.equal(await resultOf(t, issuer.public, government, { cloud: 'gccHigh' }), 'mismatch')
  assert.equal(await resultOf(t, issuer.us, government, { cloud: 'public' }), 'mismatch')
})

test('with keys of the operator’s own and no cloud, any of Microsoft’s issuers is good', async t => {
  assert.equal(await resultOf(t, 'https://api.botframework.us', government, {}), 'genuine')
  assert.equal(await resultOf(t, 'https://evil.example', government, {}), 'mismatch')
})

test('the urls of a cloud tell it as its name does', () => {
  const openIdUrl = 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration'

  assert.equal(cloudOf({}).issuer, 'https://api.botframework.com')
  assert.equal(cloudOf({ openIdUrl }).issuer, 'https://api.botframework.us')
  assert.equal(
    cloudOf({ loginUrl: 'https://login.microsoftonline.us/' }).issuer,
    'https://api.botframework.us',
  )
  assert.equal(
    cloudOf({ loginUrl: 'https://login.partner.microsoftonline.cn' }).issuer,
    'https://api.botframework.azure.cn',
  )
  assert.equal(cloudOf({ openIdUrl, cloud: 'public' }).issuer, 'https://api.botframework.com')
})

test('tokens for sends are asked for at the cloud’s login, for its tenant and scope', () => {
  const source = (settings: object, serviceUrl?: string) => {
    const { url, form } = tokenSourceOf({ ...app, ...settings }, serviceUrl)
    return [url, (form() as Record<string, string>).scope]
  }

  assert.deepEqual(source({}), [
    'https://login.microsoftonline.com/botframework.com/oauth2/v2.0/token',
    'https://api.botframework.com/.default',
  ])
  assert.deepEqual(source({ cloud: 'gccHigh' }), [
    'https://login.microsoftonline.us/MicrosoftServices.onmicrosoft.us/oauth2/v2.0/token',
    'https://api.botframework.us/.default',
  ])
  assert.deepEqual(source({ cloud: 'china', tenantId: 't.example' }), [
    'https://login.partner.microsoftonline.cn/t.example/oauth2/v2.0/token',
    'https://api.botframework.azure.cn/.default',
  ])
  assert.deepEqual(
    source({ loginUrl: 'https://login.microsoftonline.us' })[1],
    'https://api.botframework.us/.default',
  )
  // A stand-in for the login tells no cloud, but the address to send to does.
  assert.deepEqual(
    source({ loginUrl: 'http://127.0.0.1:1' }, government)[1],
    'https://api.botframework.us/.default',
  )
  assert.notEqual(
    tokenSourceOf({ ...app, loginUrl: 'http://127.0.0.1:1' }, government).identity,
    tokenSourceOf({ ...app, loginUrl: 'http://127.0.0.1:1' }).identity,
  )
})

test('what answers nothing goes to the cloud’s own address, where Microsoft publishes one', () => {
  assert.equal(serviceUrlOf(undefined, {}), 'https://smba.trafficmanager.net/teams')
  assert.equal(serviceUrlOf(undefined, { cloud: 'gcc' }), 'https://smba.infra.gcc.teams.microsoft.com/teams')
  assert.equal(
    serviceUrlOf(undefined, { cloud: 'gccHigh' }),
    'https://smba.infra.gov.teams.microsoft.us/teams',
  )
  assert.equal(serviceUrlOf(undefined, { cloud: 'dod' }), 'https://smba.infra.dod.teams.microsoft.us/teams')
  assert.equal(serviceUrlOf(undefined, { cloud: 'china' }), undefined)
  assert.equal(
    serviceUrlOf('https://x.botframework.azure.cn/y/', { cloud: 'china' }),
    'https://x.botframework.azure.cn/y',
  )
})
