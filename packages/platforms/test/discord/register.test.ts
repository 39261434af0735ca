import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Value } from 'typebox/value'
import { discordRegistrar } from '../../src/discord/register.ts'
import { localServer } from '../http/local-server.ts'

const url = 'https://bots.example/hooks/discord/b'
const publicKey = 'ab'.repeat(32)
const application = { id: '1457', verify_key: publicKey, interactions_endpoint_url: url }

/** Discord's applications, as far as they are asked for: by method, then by the end of the path. */
async function discordApi(t: TestContext, answers: Record<string, { status?: number; body?: object }>) {
  const calls: string[] = []
  const { origin, received, options } = await localServer(t, ({ url: path, body }, response) => {
    const name = path.split('/').at(-1) ?? ''
    calls.push(name)
    const { status = 200, body: answer = {} } = answers[body === '' ? 'GET' : name] ?? { status: 500 }
    response.writeHead(status).end(JSON.stringify(answer))
  })
  const credentials = { publicKey, applicationId: '1457', botToken: 'bot.token', apiRoot: origin }
  return { calls, received, options, credentials }
}

test('the url is set, the commands are handed over, and what Discord has is looked at', async t => {
  const api = await discordApi(t, {
    '@me': { body: application },
    commands: { body: [] },
    GET: { body: application },
  })
  const commands = [{ name: 'start', description: 'Begin', type: 1 }]
  assert.ok(Value.Check(discordRegistrar.options, { commands, events: ['ENTITLEMENT_CREATE'] }))

  const registration = await discordRegistrar.set(api.credentials, url, { commands }, api.options)

  assert.deepEqual(registration, { state: 'registered', detail: 'Discord calls this url.' })
  assert.deepEqual(api.calls, ['@me', 'commands', '@me'])
  assert.equal(api.received[1]?.url, '/applications/1457/commands')
  assert.equal(api.received[0]?.headers.authorization, 'Bot bot.token')
  assert.deepEqual(JSON.parse(api.received[0]?.body ?? ''), { interactions_endpoint_url: url })
  assert.deepEqual(JSON.parse(api.received[1]?.body ?? ''), commands)
})

test('webhook events come to the same url if they are asked for', async t => {
  const both = { ...application, event_webhooks_url: url, event_webhooks_status: 2 }
  const api = await discordApi(t, { '@me': { body: both }, GET: { body: both } })

  const registration = await discordRegistrar.set(
    api.credentials,
    url,
    { events: ['ENTITLEMENT_CREATE'] },
    api.options,
  )

  assert.deepEqual(registration, {
    state: 'registered',
    detail: 'Discord calls this url, for webhook events too.',
  })
  assert.deepEqual(JSON.parse(api.received[0]?.body ?? ''), {
    interactions_endpoint_url: url,
    event_webhooks_url: url,
    event_webhooks_status: 2,
    event_webhooks_types: ['ENTITLEMENT_CREATE'],
  })
})

test('a url that fails Discord’s test call is refused with its reason', async t => {
  const reason = 'The specified interactions endpoint url could not be verified.'
  const body = {
    message: 'Invalid Form Body',
    code: 50035,
    errors: { interactions_endpoint_url: { _errors: [{ code: 'X', message: reason }] } },
  }
  const api = await discordApi(t, { '@me': { status: 400, body } })

  assert.deepEqual(await discordRegistrar.set(api.credentials, url, { commands: [] }, api.options), {
    state: 'refused',
    detail: `Discord answered 400: Invalid Form Body: ${reason}`,
  })
  assert.deepEqual(api.calls, ['@me'])
})

test('checking tells another url, none, another key, and another application', async t => {
  const check = async (body: object) => {
    const api = await discordApi(t, { GET: { body } })
    const { state, detail } = await discordRegistrar.check(api.credentials, url, api.options)
    return `${state}: ${detail}`
  }

  const other = 'https://other.example/'
  assert.equal(
    await check({ ...application, interactions_endpoint_url: other }),
    `differs: Discord calls ${other}.`,
  )
  assert.match(await check({ ...application, interactions_endpoint_url: null }), /^differs: .* no url/)
  assert.match(await check({ ...application, verify_key: 'cd'.repeat(32) }), /^differs: .* another publicKey/)
  assert.match(await check({ ...application, id: '1' }), /^refused: The botToken/)
})

test('without a botToken the operator is told what to do', async t => {
  const { options } = await discordApi(t, {})

  const { state, detail } = await discordRegistrar.set({ publicKey, applicationId: '1457' }, url, {}, options)

  assert.equal(state, 'refused')
  assert.match(detail, /botToken/)
})
