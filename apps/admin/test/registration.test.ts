import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { createBotStore, migrateControl } from '@botyard/control-database'
import { startBotApi } from '@botyard/platform-simulators'
import { freePort, startPostgres, type TestPostgres } from '@botyard/testkit'
import { build, codeOf, keyring, openDatabase, silent } from './helper.ts'

let postgres: TestPostgres
before(async () => {
  postgres = await startPostgres()
})
after(() => postgres.stop())

const webhookSecret = 'correct-horse-battery-staple'
const webhookUrl = 'https://bots.example.com/hooks/telegram/shop'

test('registering tells the platform the url and the secret, and what the platform then says is the answer', async t => {
  const { call, api } = await setUp(t)

  const before = await call('GET', '/bots/shop/registration', undefined, 'viewer')
  const set = await call('PUT', '/bots/shop/registration', { allowedUpdates: ['message'] }, 'operator')
  const after = await call('GET', '/bots/shop/registration', undefined, 'viewer')

  assert.deepEqual([before.status, stateOf(before)], [200, 'differs'])
  assert.deepEqual([set.status, stateOf(set)], [200, 'registered'])
  assert.equal(stateOf(after), 'registered')
  const [asked] = api.calls.filter(({ method }) => method === 'setwebhook')
  assert.deepEqual(asked?.parameters, {
    url: webhookUrl,
    secret_token: webhookSecret,
    allowed_updates: ['message'],
  })
})

test('only what set something at the platform leaves an audit entry, and nothing secret is said anywhere', async t => {
  const { call, api, logText, events } = await setUp(t)

  const bodies = [
    await call('GET', '/bots/shop/registration'),
    await call('PUT', '/bots/shop/registration', {}, 'operator'),
    await call('PUT', '/bots/shop/registration', { allowed: [] }, 'operator'),
  ]

  const log = await call('GET', '/audit-log')
  const { entries } = log.body as { entries: Record<string, unknown>[] }
  assert.deepEqual(
    entries.map(({ at, ...entry }) => entry),
    [
      {
        ...{ actor: 'operator-alice', role: 'operator', action: 'bot.register', target: 'shop' },
        details: { url: webhookUrl, state: 'registered' },
      },
    ],
  )
  const said = JSON.stringify([bodies, log, events]) + logText()
  for (const secret of [api.token, webhookSecret]) assert.ok(!said.includes(secret), secret)
})

test('a platform that refuses the credentials, or cannot be reached, is a state and no error', async t => {
  const { call, add, api, logText } = await setUp(t)
  const wrong = '7100000001:AAH-another_token_that_is_wrong_00'
  await add('wrong', { token: wrong, webhookSecret, apiRoot: api.url })
  const closed = `http://127.0.0.1:${await freePort()}`
  await add('away', { token: api.token, webhookSecret, apiRoot: closed })

  const refused = await call('PUT', '/bots/wrong/registration', {}, 'operator')
  const away = await call('PUT', '/bots/away/registration', {}, 'operator')

  assert.deepEqual([refused.status, stateOf(refused)], [200, 'refused'])
  assert.match((refused.body as { detail: string }).detail, /401/)
  assert.deepEqual([away.status, stateOf(away)], [200, 'unreachable'])
  const said = JSON.stringify([refused, away]) + logText()
  for (const secret of [wrong, api.token, webhookSecret]) assert.ok(!said.includes(secret), secret)
})

test('where the platform has no API for it, the answer is the url to enter in its console', async t => {
  const { call, db } = await setUp(t)
  const credentials = { secret: `whsec_${Buffer.alloc(32).toString('base64')}` }
  await createBotStore(db, keyring).insert({
    ...{ id: 'ours', platform: 'custom', handler: 'echo', credentials, settings: {} },
  })

  for (const method of ['GET', 'PUT'] as const) {
    const answer = await call(method, '/bots/ours/registration', method === 'PUT' ? {} : undefined)
    assert.deepEqual([answer.status, codeOf(answer)], [409, 'ADM_NO_REGISTRATION'])
    assert.match(JSON.stringify(answer.body), /https:\/\/bots\.example\.com\/hooks\/custom\/ours/)
  }
})

test('no webhook is set for a bot that polls: the platform would give its updates to that', async t => {
  const { call, db, api } = await setUp(t)
  const credentials = { token: api.token, webhookSecret, apiRoot: api.url }
  await createBotStore(db, keyring).insert({
    ...{ id: 'polls', platform: 'telegram', handler: 'echo', credentials, settings: { intake: 'polling' } },
  })

  const answer = await call('PUT', '/bots/polls/registration', {}, 'operator')

  assert.deepEqual([answer.status, codeOf(answer)], [409, 'ADM_BOT_POLLS'])
  assert.deepEqual(
    api.calls.filter(({ method }) => method === 'setwebhook'),
    [],
  )
})

test('a viewer may look but not register, and a wrong option or bot is told', async t => {
  const { call, api } = await setUp(t)

  const viewer = await call('PUT', '/bots/shop/registration', {}, 'viewer')
  const option = await call('PUT', '/bots/shop/registration', { maxConnections: 1_000 })
  const nobody = await call('PUT', '/bots/nobody/registration', {})

  assert.deepEqual([viewer.status, codeOf(viewer)], [403, 'ADM_ROLE_INSUFFICIENT'])
  assert.deepEqual([option.status, codeOf(option)], [400, 'ADM_INVALID_REQUEST'])
  assert.equal((option.body as { error: { path: string } }).error.path, '/maxConnections')
  assert.deepEqual([nobody.status, codeOf(nobody)], [404, 'ADM_UNKNOWN_BOT'])
  assert.deepEqual(api.calls, [])
})

function stateOf({ body }: { body: unknown }): string {
  return (body as { state: string }).state
}

/** The admin API with a bot `shop` whose Bot API is a simulated one. */
async function setUp(t: TestContext) {
  const api = await startBotApi()
  t.after(() => api.close())
  const db = openDatabase(t, await postgres.createDatabase())
  await migrateControl(db, silent)
  const add = (id: string, credentials: object) =>
    createBotStore(db, keyring).insert({
      id,
      platform: 'telegram',
      handler: 'echo',
      credentials,
      settings: {},
    })
  await add('shop', { token: api.token, webhookSecret, apiRoot: api.url })
  return { api, db, add, ...(await build(t, { db })) }
}
