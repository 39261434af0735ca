import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { inboundContext, letterErrorContext, outboundContext } from '@botyard/queue-contracts'
import { createKeyring, type Keyring } from '@botyard/service-kit'
import { sql } from 'kysely'
import { createBotStore } from '../../src/bots/bot-store.ts'
import { createTenantStore } from '../../src/bots/tenant-store.ts'
import { createBroadcastStore } from '../../src/broadcasts/broadcast-store.ts'
import type { ControlDatabase } from '../../src/database/control-database.ts'
import { createDeadLetterStore } from '../../src/dead-letter-store.ts'
import { countSealed } from '../../src/keys/count-sealed.ts'
import { countUnopenable } from '../../src/keys/count-unopenable.ts'
import { reencrypt } from '../../src/keys/reencrypt.ts'
import { sealedTables } from '../../src/keys/sealed-tables.ts'
import { createShardStore } from '../../src/shards/shard-store.ts'
import { controlDatabases, newBot } from '../control-databases.ts'

const databases = controlDatabases()
const key = () => randomBytes(32).toString('base64')
const k1 = key()
const k2 = key()
const old = createKeyring({ active: 'k1', keys: { k1 } })
const both = createKeyring({ active: 'k2', keys: { k1, k2 } })
const young = createKeyring({ active: 'k2', keys: { k2 } })
const shard = { id: 'shard-1', hosts: ['postgres://botyard:secret@10.0.0.1/users'] }
const recipients = 4_500
const conversation = `shop/${'c'.repeat(22)}` as const
const hash = Buffer.alloc(16, 7)
const letterId = (box: string) => `${box}/${conversation}/${hash.toString('base64url')}`

test('every column of bytes in the control database is known to hold envelopes', async t => {
  const db = await databases.migrated(t)

  const { rows } = await sql<{ place: string }>`
    select table_name || '.' || column_name as place from information_schema.columns
    where table_schema = 'public' and data_type = 'bytea'`.execute(db)

  assert.deepEqual(
    rows.map(({ place }) => place).sort(),
    sealedTables.map(({ table, column }) => `${table}.${column}`).sort(),
  )
})

test('all that is durable opens under the new key alone afterwards, and a second pass finds nothing to do', async t => {
  const { db, id } = await filled(t)
  assert.deepEqual((await count(db)).broadcast_recipients, { k1: recipients })

  const { changed, unreadable, next } = await pass(db)

  assert.deepEqual(changed, {
    ...{
      bots: 1,
      bot_tenants: 1,
      broadcasts: 1,
      broadcast_recipients: recipients,
      shards: 1,
      dead_letters: 2,
      'dead_letters.error': 1,
    },
  })
  assert.deepEqual([unreadable, next], [{}, undefined])
  assert.deepEqual(await count(db), {
    bots: { k2: 1 },
    bot_tenants: { k2: 1 },
    broadcasts: { k2: 1 },
    broadcast_recipients: { k2: recipients },
    shards: { k2: 1 },
    dead_letters: { k2: 2 },
    'dead_letters.error': { k2: 1 },
  })
  await assertReadable(db, id, young)
  assert.deepEqual((await pass(db)).changed, {})
})

test('a pass that broke off goes on where it stood', async t => {
  const { db, id } = await filled(t)

  const parts = []
  let from: Awaited<ReturnType<typeof reencrypt>>['next']
  do {
    // So short that a part is one page, or nothing when the machine is slow.
    const part = await reencrypt({ db, keyring: both, active: 'k2', from, deadline: performance.now() + 5 })
    parts.push(part)
    from = part.next
  } while (from !== undefined)

  assert.ok(parts.length > 1, `${parts.length} parts`)
  const changed = parts.reduce((sum, part) => sum + (part.changed.broadcast_recipients ?? 0), 0)
  assert.equal(changed, recipients)
  await assertReadable(db, id, young)
})

test('rows that writers hold or change meanwhile are neither waited for nor overwritten', async t => {
  const { db } = await filled(t)
  const bots = createBotStore(db, both)
  const holding = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const writer = db.transaction().execute(async trx => {
    await createBotStore(trx, old).update('shop', { credentials: { token: 'changed' } })
    holding.resolve()
    await release.promise
  })
  await holding.promise

  const beside = await pass(db)
  release.resolve()
  await writer
  const afterwards = await pass(db)

  assert.equal(beside.changed.bots, undefined)
  assert.equal(beside.changed.broadcast_recipients, recipients)
  assert.equal(afterwards.changed.bots, 1)
  assert.deepEqual((await bots.open('shop'))?.credentials, { token: 'changed' })
  assert.deepEqual((await createBotStore(db, young).open('shop'))?.credentials, { token: 'changed' })
})

test('a row that no key opens is left alone, counted, and told from those that need a key', async t => {
  const { db } = await filled(t)
  await sql`update dead_letters set envelope = set_byte(envelope, 40, get_byte(envelope, 40) # 1) where id like 'inbox%'`.execute(
    db,
  )
  await sql`update bots set credentials = '\\x7b7d'`.execute(db)

  const { unreadable } = await pass(db)
  const counts = await count(db)

  assert.deepEqual(unreadable, { bots: 1, dead_letters: 1 })
  assert.deepEqual(counts.bots, { '': 1 })
  assert.deepEqual(counts.dead_letters, { k1: 1, k2: 1 })
  assert.equal(await countUnopenable(db, both, 'dead_letters', 'k1'), 1)
  assert.equal(await countUnopenable(db, both, 'dead_letters', 'k2'), 0)
})

test('a count that runs out of time says so', async t => {
  const { db } = await filled(t)

  const { complete } = await countSealed(db, performance.now() - 1)

  assert.equal(complete, false)
})

function pass(db: ControlDatabase) {
  return reencrypt({ db, keyring: both, active: 'k2', from: undefined, deadline: Number.POSITIVE_INFINITY })
}

async function count(db: ControlDatabase) {
  return (await countSealed(db, Number.POSITIVE_INFINITY)).counts
}

/** One of each kind, sealed under the old key; enough recipients for several pages. */
async function filled(t: TestContext): Promise<{ db: ControlDatabase; id: string }> {
  const db = await databases.migrated(t)
  await createBotStore(db, old).insert(newBot('shop'))
  await createTenantStore(db, old).set('shop', 'T1', { token: 'of a tenant' })
  await createShardStore(db, old).register(shard)
  const broadcasts = createBroadcastStore(db, old)
  const id = await broadcasts.create('shop', { text: 'to all' })
  const page = Array.from({ length: recipients }, (_, n) => ({ conversation: String(n) }))
  await broadcasts.addRecipients(id, 0, page)
  await broadcasts.start(id, recipients, true)
  const letter = (box: string, context: string) => ({
    id: letterId(box),
    bot: 'shop',
    conversation,
    reason: 'WRK_HANDLER_FAILED',
    envelope: old.seal(Buffer.from(box), context),
    error:
      box === 'inbox' ? old.seal(Buffer.from('what it threw'), letterErrorContext(letterId(box))) : undefined,
    tries: 1,
    acceptedAt: new Date(),
    diedAt: new Date(),
  })
  await createDeadLetterStore(db).insert([
    letter('inbox', inboundContext(conversation, hash)),
    letter('outbox', outboundContext(conversation, hash)),
  ])
  return { db, id }
}

async function assertReadable(db: ControlDatabase, id: string, keyring: Keyring): Promise<void> {
  assert.deepEqual((await createBotStore(db, keyring).open('shop'))?.credentials, newBot('shop').credentials)
  assert.deepEqual(await createTenantStore(db, keyring).credentials('shop', 'T1'), { token: 'of a tenant' })
  assert.deepEqual(await createShardStore(db, keyring).list(), [shard])
  const broadcasts = createBroadcastStore(db, keyring)
  await broadcasts.steer('shop', id, 'running')
  assert.deepEqual((await broadcasts.lease('me', 1_000)).broadcasts[0]?.message, { text: 'to all' })
  const all = await broadcasts.recipients(id, 0, recipients)
  assert.deepEqual(
    all.map(({ conversation }) => conversation),
    Array.from({ length: recipients }, (_, n) => String(n)),
  )
  const letters = await db
    .selectFrom('dead_letters')
    .select(['id', 'envelope', 'error'])
    .orderBy('id')
    .execute()
  assert.equal(keyring.open(letters[0]!.envelope, inboundContext(conversation, hash)).toString(), 'inbox')
  assert.equal(
    keyring.open(letters[0]!.error!, letterErrorContext(letterId('inbox'))).toString(),
    'what it threw',
  )
  assert.equal(keyring.open(letters[1]!.envelope, outboundContext(conversation, hash)).toString(), 'outbox')
}
