import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import {
  createBotDirectory,
  createBotStore,
  createHandlerStore,
  migrateControl,
  reportHandlers,
} from '@botyard/control-database'
import type { Identified, PlatformAdapter } from '@botyard/platforms'
import { startPostgres, startRedis, type TestPostgres, type TestRedis, until } from '@botyard/testkit'
import { Registry } from 'prom-client'
import type { IdentifyDeps } from '../src/bots/identify-bot.ts'
import { startIdentifying } from '../src/bots/start-identifying.ts'
import { createMetrics } from '../src/metrics.ts'
import {
  build,
  keyring,
  offlineAdapters,
  openDatabase,
  openRedis,
  silent,
  telegramCredentials,
} from './helper.ts'

let postgres: TestPostgres
let server: TestRedis
before(async () => {
  ;[postgres, server] = await Promise.all([startPostgres(), startRedis()])
})
after(() => Promise.all([postgres.stop(), server.stop()]))

const shop = { id: 'shop', platform: 'telegram', handler: 'echo', credentials: telegramCredentials } as const
const other = { ...telegramCredentials, token: '654321:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1' }
const known: Identified = { status: 'known', identity: { user: '123456', name: 'shop_bot' } }
const unreachable: Identified = { status: 'unreachable', reason: 'no answer' }

test('a bot that is added is identified, and shown as who it is', async t => {
  const { call } = await setUp(t, () => known)

  const created = await call('POST', '/bots', shop)

  assert.equal(created.status, 201)
  assert.deepEqual((created.body as { identity?: object }).identity, { user: '123456', name: 'shop_bot' })
  assert.deepEqual((await call('GET', '/bots/shop')).body, created.body)
})

test('every process knows who a bot is when the request that added it is answered', async t => {
  const { call, db, redis } = await setUp(t, () => known)
  const directory = createBotDirectory({
    store: createBotStore(db, keyring),
    redis: openRedis(t, server.url, 'subscriber'),
    commands: redis,
    logger: silent,
    pollMs: 1_000_000,
  })
  await directory.whenReady()

  await call('POST', '/bots', shop)
  await directory.close()

  assert.deepEqual(directory.get('shop')?.identity, known.status === 'known' && known.identity)
})

for (const [what, answer] of [
  ['cannot be reached', unreachable],
  ['refuses the credentials', { status: 'refused', reason: 'unauthorized' }],
] as const) {
  test(`a bot is added also while its platform ${what}, and the log says so`, async t => {
    const { call, logText } = await setUp(t, () => answer)

    const created = await call('POST', '/bots', shop)

    assert.equal(created.status, 201)
    assert.equal((created.body as { identity?: object }).identity, undefined)
    assert.match(logText(), /the platform does not say who the bot is/)
  })
}

test('other credentials are asked for anew, and what the old ones said is forgotten', async t => {
  const answers = [known, unreachable]
  const asked: unknown[] = []
  const { call } = await setUp(t, credentials => {
    asked.push(credentials)
    return answers.shift()!
  })
  await call('POST', '/bots', shop)

  const changed = await call('PATCH', '/bots/shop', { credentials: other })

  assert.equal((changed.body as { identity?: object }).identity, undefined)
  assert.deepEqual(asked, [telegramCredentials, other])
})

test('other settings leave the identity alone, and ask nobody', async t => {
  let asked = 0
  const { call } = await setUp(t, () => {
    asked++
    return known
  })
  await call('POST', '/bots', shop)

  const changed = await call('PATCH', '/bots/shop', { settings: { tries: 3 } })

  assert.deepEqual((changed.body as { identity?: object }).identity, { user: '123456', name: 'shop_bot' })
  assert.equal(asked, 1)
})

test('an answer about credentials that were replaced meanwhile is not kept', async t => {
  const { call, db } = await setUp(t, async () => {
    await createBotStore(db, keyring).update('shop', { credentials: other })
    return known
  })

  await call('POST', '/bots', shop)

  assert.equal((await createBotStore(db, keyring).get('shop'))?.identity, undefined)
})

test('bots that were there before are identified, with pauses until their platform answers', async t => {
  const answers: Identified[] = [unreachable, unreachable, known]
  const { db, deps } = await setUp(t, () => answers.shift()!)
  const store = createBotStore(db, keyring)
  await store.insert({ ...shop, settings: {} })

  const identifying = startIdentifying(deps, { lookEveryMs: 5, firstPauseMs: 1 })
  t.after(() => identifying.close())

  await until(async () => (await store.get('shop'))?.identity !== undefined)
  assert.deepEqual((await store.get('shop'))?.identity, { user: '123456', name: 'shop_bot' })
  assert.equal(answers.length, 0)
})

test('credentials that are refused are not asked about again and again', async t => {
  let asked = 0
  const { db, deps } = await setUp(t, credentials => {
    if (credentials === undefined) return known
    asked++
    return { status: 'refused', reason: 'unauthorized' }
  })
  const store = createBotStore(db, keyring)
  await store.insert({ ...shop, settings: {} })
  let looks = 0
  const counting: typeof db = db.withPlugin({
    transformQuery({ node }) {
      looks++
      return node
    },
    transformResult: async ({ result }) => result,
  })

  const identifying = startIdentifying({ ...deps, db: counting }, { lookEveryMs: 1, firstPauseMs: 0 })
  t.after(() => identifying.close())
  await until(() => looks > 10)

  assert.equal(asked, 1)
})

test('several instances that ask at the same time store one answer', async t => {
  const { db, deps } = await setUp(t, () => known)
  const store = createBotStore(db, keyring)
  await store.insert({ ...shop, settings: {} })

  const instances = Array.from({ length: 3 }, () => startIdentifying(deps, { lookEveryMs: 1 }))
  t.after(() => Promise.all(instances.map(instance => instance.close())))
  await until(async () => (await store.unidentified(['telegram'])).length === 0)
  await Promise.all(instances.map(instance => instance.close()))

  assert.equal(await store.lastChange(), 2)
})

/**
 * The admin app on a migrated database, and what its background work stands on; `answer` is the platform's.
 */
async function setUp(t: TestContext, answer: (credentials: unknown) => Identified | Promise<Identified>) {
  const db = openDatabase(t, await postgres.createDatabase())
  await migrateControl(db, silent)
  await createHandlerStore(db).report(['echo'])
  const redis = openRedis(t, server.url)
  const report = reportHandlers({ redis, handlers: ['echo'], logger: silent })
  t.after(() => report.close())
  await report.told
  const telegram: PlatformAdapter = {
    ...offlineAdapters.telegram,
    identify: async credentials => answer(credentials),
  }
  const adapters = { ...offlineAdapters, telegram }
  const app = await build(t, { db, redis, adapters })
  const deps: IdentifyDeps = {
    adapters,
    db,
    keyring,
    logger: silent,
    metrics: createMetrics(new Registry()),
    redis,
    targets: app.targets,
  }
  return { ...app, db, redis, deps }
}
