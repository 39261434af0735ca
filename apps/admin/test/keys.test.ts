import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import {
  createAuditLog,
  createBotStore,
  createDeadLetterStore,
  migrateControl,
} from '@botyard/control-database'
import { createKeyStore, liveRings, reportKeyring } from '@botyard/control-database/keys'
import { createMailboxWriter } from '@botyard/mailbox'
import { createKeyring, type KeySet, type LiveKeyring } from '@botyard/service-kit'
import { startPostgres, startRedis, type TestPostgres, type TestRedis } from '@botyard/testkit'
import type { Redis } from 'ioredis'
import { build, codeOf, openDatabase, openRedis, silent, telegramCredentials } from './helper.ts'

let postgres: TestPostgres
let server: TestRedis
before(async () => {
  ;[postgres, server] = await Promise.all([startPostgres(), startRedis()])
})
after(() => Promise.all([postgres.stop(), server.stop()]))

const key = () => randomBytes(32).toString('base64')
const k1 = key()
const k2 = key()
const old: KeySet = { active: 'k1', keys: { k1 } }
const added: KeySet = { active: 'k1', keys: { k1, k2 } }
const activated: KeySet = { active: 'k2', keys: { k1, k2 } }
const conversation = `shop/${'c'.repeat(22)}` as const

interface KeyList {
  keys: { id: string; processes: number; activeIn: number; firstActiveAt: string | null; uses: object }[]
  unknown: object
  complete: boolean
  problems: string[]
}
interface Retirement {
  retirable: boolean
  reasons: string[]
  needs: object
  spoilt: object
}

test('a key may go when nothing is sealed with it any more, and not before', async t => {
  const { call, db, redis, ring, untilRings, worker } = await setUp(t)
  const retirement = async () =>
    (await call('GET', '/keys/k1/retirement', undefined, 'viewer')).body as Retirement
  const writer = createMailboxWriter({ redis, partitions: 1 })
  t.after(() => writer.close())
  const body = worker.seal(Buffer.from('update'), 'context')
  await redis.set('botyard:session:name', worker.seal(Buffer.from('session'), 'context'))
  await writer.deliver({ conversation, update: randomBytes(16), body, windowMs: 60_000 })
  assert.match(
    (await retirement()).reasons[0]!,
    /^It is the active key of admin@.*, worker@.*: make another one active/,
  )

  for (const keys of [added, activated]) for (const each of [ring, worker]) each.replace(keys)
  await untilRings(rings => rings.every(({ active }) => active === 'k2'))
  const inUse = await retirement()
  const done = await call('POST', '/keys/reencrypt', {})
  const waiting = await retirement()
  await redis.del(`{p0}:mb:inbox:m:${conversation}`, 'botyard:session:name')
  const free = await retirement()

  assert.equal(inUse.retirable, false)
  assert.deepEqual(inUse.needs, { bots: 1, dead_letters: 1, 'redis.inbox': 1, 'redis.sessions': 1 })
  assert.deepEqual(done.body, { active: 'k2', changed: { bots: 1, dead_letters: 1 }, unreadable: {} })
  assert.deepEqual(waiting.needs, { 'redis.inbox': 1, 'redis.sessions': 1 })
  assert.match(waiting.reasons.join(), /^1 in redis\.inbox wait in Redis: let the workers work them off/)
  assert.deepEqual([free.retirable, free.reasons, free.needs], [true, [], {}])
  const young = createKeyring({ active: 'k2', keys: { k2 } })
  assert.deepEqual((await createBotStore(db, young).open('shop'))?.credentials, telegramCredentials)
  assert.deepEqual(
    (await createAuditLog(db).list({ limit: 9 })).map(({ actor, action, target, details }) => [
      actor,
      action,
      target,
      details,
    ]),
    [
      ['owner-alice', 'keys.reencrypted', 'k2', { bots: 1, dead_letters: 1 }],
      ['owner-alice', 'keys.reencrypt', 'k2', {}],
    ],
  )
})

test('the list says how old a key is, who has it and what needs it', async t => {
  const { call, ring, untilRings } = await setUp(t)
  ring.replace(added)
  await untilRings(rings => rings.some(({ keys }) => 'k2' in keys), 2)

  const { keys, unknown, complete, problems } = (await call('GET', '/keys', undefined, 'viewer'))
    .body as KeyList

  assert.deepEqual(
    keys.map(({ id, processes, activeIn, uses }) => ({ id, processes, activeIn, uses })),
    [
      { id: 'k1', processes: 2, activeIn: 2, uses: { bots: 1, dead_letters: 1 } },
      { id: 'k2', processes: 1, activeIn: 0, uses: {} },
    ],
  )
  assert.ok(keys[0]!.firstActiveAt && keys[1]!.firstActiveAt === null)
  assert.deepEqual([unknown, complete], [{}, true])
  assert.match(problems.join(), /^"k2" is missing in worker@.*: do not make it active yet$/)
})

test('nothing is sealed with a key that a live process lacks, and two keys of one id are told', async t => {
  const { call, db, ring, worker, untilRings } = await setUp(t)
  ring.replace(activated)
  await untilRings(rings => rings.some(({ active }) => active === 'k2'))

  const refused = await call('POST', '/keys/reencrypt', {})
  worker.replace({ active: 'k1', keys: { k1, k2: key() } })
  await untilRings(rings => rings.every(({ keys }) => 'k2' in keys))
  const refusedToo = await call('POST', '/keys/reencrypt', {})
  const { problems } = (await call('GET', '/keys')).body as KeyList

  assert.deepEqual([refused.status, codeOf(refused)], [409, 'ADM_KEY_NOT_EVERYWHERE'])
  assert.equal(codeOf(refusedToo), 'ADM_KEY_NOT_EVERYWHERE')
  assert.match(problems.join(), /different keys under the id "k2"/)
  assert.deepEqual(await createAuditLog(db).list({ limit: 9 }), [])
})

test('a key that was active a moment ago must settle, and one that only spoilt letters name need not stay', async t => {
  const { call, db, ring, worker, untilRings } = await setUp(t, { keySettleMs: 60_000 })
  for (const each of [ring, worker]) each.replace(activated)
  await untilRings(rings => rings.every(({ active }) => active === 'k2'))
  await db
    .updateTable('dead_letters')
    .set({ id: `inbox/${conversation}/moved` })
    .execute()

  await call('POST', '/keys/reencrypt', {})
  const { retirable, reasons, needs, spoilt } = (await call('GET', '/keys/k1/retirement')).body as Retirement

  assert.equal(retirable, false)
  assert.equal(reasons.length, 1)
  assert.match(reasons[0]!, /less than 60 s ago or started since: wait for it$/)
  assert.deepEqual([needs, spoilt], [{}, { dead_letters: 1 }])
})

test('only an owner re-encrypts, and without Redis nothing is said to be unused', async t => {
  const { call } = await setUp(t)
  const away = await build(t, { db: openDatabase(t, 'postgres://postgres@127.0.0.1:1/away') })

  assert.equal(codeOf(await call('POST', '/keys/reencrypt', {}, 'operator')), 'ADM_ROLE_INSUFFICIENT')
  assert.equal(
    codeOf(await call('POST', '/keys/reencrypt', { from: { table: 'bots', rows: 1 } })),
    'ADM_INVALID_REQUEST',
  )
  assert.equal(codeOf(await away.call('GET', '/keys/k1/retirement')), 'ADM_QUEUES_UNAVAILABLE')
})

test('sessions on a Redis of their own are counted, and while that is away no key may go', async t => {
  const cache = await startRedis()
  t.after(() => cache.stop())
  const sessionRedis = await openWithLeastRights(t, cache.url)
  const { call, ring, untilRings, worker } = await setUp(t, {}, sessionRedis)
  const retirement = async () => (await call('GET', '/keys/k1/retirement')).body as Retirement
  await sessionRedis.set('botyard:session:name', worker.seal(Buffer.from('session'), 'context'))
  for (const each of [ring, worker]) each.replace(activated)
  await untilRings(rings => rings.every(({ active }) => active === 'k2'))
  await call('POST', '/keys/reencrypt', {})

  const inUse = await retirement()
  await sessionRedis.del('botyard:session:name')
  const free = await retirement()
  await Promise.all([once(sessionRedis, 'close'), cache.stop()])
  const away = await retirement()
  const { complete, problems } = (await call('GET', '/keys')).body as KeyList

  assert.deepEqual([inUse.retirable, inUse.needs], [false, { 'redis.sessions': 1 }])
  assert.deepEqual([free.retirable, free.reasons], [true, []])
  assert.equal(away.retirable, false)
  assert.match(away.reasons.join(), /^The sessions could not be counted, as their Redis \(CACHE_REDIS_URL\)/)
  assert.deepEqual([complete, problems], [false, away.reasons])
})

/** A connection of a user with the rights that are documented, and no others. */
async function openWithLeastRights(t: TestContext, url: string): Promise<Redis> {
  const acl = readFileSync(new URL('../../../infra/redis/botyard.acl', import.meta.url), 'utf8')
  const [, rights] = /^user botyard on >CHANGE-ME (.*)$/m.exec(acl)!
  const operator = openRedis(t, url)
  await once(operator, 'ready')
  await operator.call('ACL', 'SETUSER', 'botyard', 'on', '>secret', ...rights!.split(' '))
  const redis = openRedis(t, url.replace('//', '//botyard:secret@'))
  await once(redis, 'ready')
  return redis
}

/** The app and a worker that have told their rings; a bot and a dead letter under the old key. */
async function setUp(t: TestContext, options = {}, sessionRedis?: Redis) {
  const db = openDatabase(t, await postgres.createDatabase())
  await migrateControl(db, silent)
  const redis = openRedis(t, server.url)
  await once(redis, 'ready')
  await redis.flushall()
  const ring = createKeyring(old)
  const worker = createKeyring(old)
  await createBotStore(db, ring).insert({
    ...{ id: 'shop', platform: 'telegram', handler: 'echo', credentials: telegramCredentials, settings: {} },
  })
  await createDeadLetterStore(db).insert([
    {
      ...{ id: `inbox/${conversation}/hash`, bot: 'shop', conversation, reason: 'WRK_X', tries: 1 },
      ...{ acceptedAt: new Date(), diedAt: new Date() },
      envelope: ring.seal(Buffer.from('update'), `${conversation}|hash`),
    },
  ])
  const report = (app: string, keyring: LiveKeyring) => {
    const reporting = reportKeyring({ redis, store: createKeyStore(db), keyring, app, logger: silent })
    t.after(() => reporting.close())
  }
  report('admin', ring)
  report('worker', worker)
  const untilRings = async (isSo: (rings: Awaited<ReturnType<typeof liveRings>>) => boolean, ages = 1) => {
    // Another process's doing, of which there is no event here.
    for (let n = 0; n < 500; n++) {
      const rings = await liveRings(redis)
      if (rings.length === 2 && isSo(rings) && (await createKeyStore(db).list()).length >= ages) return
      await delay(10)
    }
    throw new Error('the rings never came to be so')
  }
  await untilRings(() => true)
  const sessions = sessionRedis && { sessionRedis }
  const app = await build(t, { db, redis, ...sessions, keyring: ring, options })
  return { ...app, db, redis, ring, worker, untilRings }
}
