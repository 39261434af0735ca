import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import {
  createBotDirectory,
  createBotStore,
  createTenantStore,
  migrateControl,
} from '@botyard/control-database'
import { startPostgres, startRedis, type TestPostgres, type TestRedis } from '@botyard/testkit'
import { build, codeOf, keyring, openDatabase, openRedis, silent, telegramCredentials } from './helper.ts'

let postgres: TestPostgres
let server: TestRedis
before(async () => {
  ;[postgres, server] = await Promise.all([startPostgres(), startRedis()])
})
after(() => Promise.all([postgres.stop(), server.stop()]))

const at = '/bots/desk/tenants'
const botToken = 'xoxb-not-a-real-token-of-the-first-team'
const otherToken = 'xoxb-not-a-real-token-of-another-team'

test('a tenant has the credentials that it was given, is listed without them, and is replaced and removed', async t => {
  const { call, tenants } = await setUp(t)

  const set = await call('PUT', `${at}/T0AAA1`, { credentials: { botToken: 'xoxb-older' } }, 'owner')
  const replaced = await call('PUT', `${at}/T0AAA1`, { credentials: { botToken } }, 'owner')
  await call('PUT', `${at}/T0BBB2`, { credentials: { botToken: otherToken } })

  assert.deepEqual([set.status, replaced.status], [204, 204])
  assert.deepEqual(await tenants.credentials('desk', 'T0AAA1'), { botToken })
  const listed = async (query = '') => {
    const answer = await call('GET', `${at}${query}`, undefined, 'viewer')
    return (answer.body as { tenants: { tenant: string; updatedAt: string }[] }).tenants
  }
  const all = await listed()
  assert.deepEqual(
    all.map(tenant => Object.keys(tenant)),
    [
      ['tenant', 'updatedAt'],
      ['tenant', 'updatedAt'],
    ],
  )
  assert.deepEqual(
    [all, await listed('?limit=1'), await listed('?after=T0AAA1')].map(page =>
      page.map(({ tenant }) => tenant),
    ),
    [['T0AAA1', 'T0BBB2'], ['T0AAA1'], ['T0BBB2']],
  )

  const removed = await call('DELETE', `${at}/T0AAA1`, undefined, 'owner')
  const again = await call('DELETE', `${at}/T0AAA1`, undefined, 'owner')

  assert.equal(removed.status, 204)
  assert.deepEqual([again.status, codeOf(again)], [404, 'ADM_UNKNOWN_TENANT'])
  assert.deepEqual(
    (await listed()).map(({ tenant }) => tenant),
    ['T0BBB2'],
  )
})

test('every change of a tenant leaves an audit entry and a security event, a refused one neither, and none a token', async t => {
  const { call, events, logText } = await setUp(t)
  const bodies = [
    await call('PUT', `${at}/T0AAA1`, { credentials: { botToken } }, 'owner'),
    await call('PUT', `${at}/T0AAA1`, { credentials: { botToken, colour: otherToken } }, 'owner'),
    await call('GET', at),
    await call('DELETE', `${at}/T0AAA1`, undefined, 'owner'),
    await call('DELETE', `${at}/T0AAA1`, undefined, 'owner'),
  ]

  const log = await call('GET', '/audit-log')
  const { entries } = log.body as { entries: Record<string, unknown>[] }
  const entry = { actor: 'owner-alice', role: 'owner', target: 'desk', details: { tenant: 'T0AAA1' } }
  assert.deepEqual(
    entries.toReversed().map(({ at, ...rest }) => rest),
    [
      { ...entry, action: 'tenant.set' },
      { ...entry, action: 'tenant.remove' },
    ],
  )
  assert.deepEqual(
    events.map(({ event, fields }) => [event, fields.action]),
    [
      ['security.credentials_changed', 'tenant.set'],
      ['security.credentials_changed', 'tenant.remove'],
    ],
  )
  const said = JSON.stringify([bodies, log, events]) + logText()
  for (const secret of [botToken, otherToken]) assert.ok(!said.includes(secret), secret)
})

test('when a tenant is set, every running directory counts its bot as changed', async t => {
  const { call, db } = await setUp(t)
  const commands = await readyRedis(t)
  const redis = openRedis(t, server.url, 'subscriber')
  const directory = createBotDirectory({
    store: createBotStore(db, keyring),
    redis,
    commands,
    logger: silent,
  })
  t.after(() => directory.close())
  await directory.whenReady()
  const before = directory.get('desk')!.version

  await call('PUT', `${at}/T0AAA1`, { credentials: { botToken } })

  assert.ok(directory.get('desk')!.version > before)
})

test('only an owner sets and removes credentials, and what does not fit is refused', async t => {
  const { call, tenants } = await setUp(t)
  const body = { credentials: { botToken } }
  const viewer = await call('PUT', `${at}/T0AAA1`, body, 'operator')
  const remover = await call('DELETE', `${at}/T0AAA1`, undefined, 'operator')
  const cases: [string, object, number, string, string | undefined][] = [
    [
      `${at}/T0AAA1`,
      { credentials: { botToken: 'hunter2' } },
      400,
      'ADM_INVALID_REQUEST',
      '/credentials/botToken',
    ],
    [`${at}/T0AAA1`, { credentials: {} }, 400, 'ADM_INVALID_REQUEST', '/credentials/botToken'],
    [`${at}/T0AAA1`, {}, 400, 'ADM_INVALID_REQUEST', '/credentials'],
    [`${at}/T%200`, body, 400, 'ADM_INVALID_REQUEST', '/tenant'],
    ['/bots/nobody/tenants/T0AAA1', body, 404, 'ADM_UNKNOWN_BOT', undefined],
    ['/bots/shop/tenants/T0AAA1', body, 409, 'ADM_NO_TENANTS', undefined],
  ]

  for (const answer of [viewer, remover])
    assert.deepEqual([answer.status, codeOf(answer)], [403, 'ADM_ROLE_INSUFFICIENT'])
  for (const [path, given, status, code, where] of cases) {
    const answer = await call('PUT', path, given)
    const { error } = answer.body as { error: { code: string; path?: string } }
    assert.deepEqual([answer.status, error.code, error.path], [status, code, where], path)
  }
  assert.deepEqual(await tenants.list('desk', { limit: 9 }), [])
  const listed = await call('GET', '/bots/nobody/tenants')
  assert.deepEqual([listed.status, codeOf(listed)], [404, 'ADM_UNKNOWN_BOT'])
})

async function readyRedis(t: TestContext) {
  const redis = openRedis(t, server.url)
  while (redis.status !== 'ready') await delay(2)
  return redis
}

/**
 * The admin API with a Slack app `desk`, installed per workspace, and a Telegram bot `shop`, which is not.
 */
async function setUp(t: TestContext) {
  const db = openDatabase(t, await postgres.createDatabase())
  await migrateControl(db, silent)
  const bots = createBotStore(db, keyring)
  const credentials = { signingSecret: '0123456789abcdef0123456789abcdef' }
  await bots.insert({ id: 'desk', platform: 'slack', handler: 'echo', credentials, settings: {} })
  await bots.insert({
    ...{ id: 'shop', platform: 'telegram', handler: 'echo', credentials: telegramCredentials, settings: {} },
  })
  const redis = await readyRedis(t)
  return { db, tenants: createTenantStore(db, keyring), ...(await build(t, { db, redis })) }
}
