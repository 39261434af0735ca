import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql, type Transaction } from 'kysely'
import { changeOwnedRange, ownedRanges } from '../src/fence/change-owned-ranges.ts'
import { keySpaceEnd } from '../src/map/shard-map.ts'
import type { ShardSchema } from '../src/shard-schema.ts'
import { shardRigs } from './shard-rig.ts'

const rigs = shardRigs()

/** A key in the middle of what shard-1 owns: 0 … 2^62. */
const someKey = 1_000n

const write = (db: Transaction<ShardSchema> | Parameters<typeof ownedRanges>[0], key: bigint) =>
  db
    .insertInto('user_state')
    .values({ user_key: key, owner: 'o', name: 'n', value: '1' })
    .onConflict(oc => oc.columns(['user_key', 'owner', 'name']).doUpdateSet({ value: '2' }))
    .execute()

test('a range is fenced only once every transaction that wrote to it has ended', async t => {
  const db = (await rigs.build(t)).db('shard-1')
  const written = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const open = db.transaction().execute(async trx => {
    await write(trx, someKey)
    written.resolve()
    await end.promise
  })
  await written.promise

  await assert.rejects(changeOwnedRange(db, { ...at(someKey), state: 'fenced', timeoutMs: 50 }), {
    code: '55P03',
  })
  await write(db, someKey + 1n)
  const fenced = changeOwnedRange(db, { ...at(someKey), state: 'fenced', timeoutMs: 20_000 })
  end.resolve()
  await Promise.all([open, fenced])

  await assert.rejects(write(db, someKey), { code: 'BY001' })
  await write(db, someKey + 1n)
})

test('a range is fenced within a moment although there always is a transaction that writes to it', async t => {
  const db = (await rigs.build(t)).db('shard-1')
  // Each writes a key of its own, or they would wait for each other.
  let key = someKey
  /** A transaction that has written, and stays open until it is told to end. */
  const open = async () => {
    const written = Promise.withResolvers<void>()
    const end = Promise.withResolvers<void>()
    const done = db.transaction().execute(async trx => {
      await write(trx, key++)
      written.resolve()
      await end.promise
    })
    await Promise.race([written.promise, done])
    return () => {
      end.resolve()
      return done
    }
  }
  let last = await open()
  let fenced = false

  const fencing = changeOwnedRange(db, {
    ...range(0n, 2n ** 62n),
    state: 'fenced',
    timeoutMs: 5_000,
  }).finally(() => {
    fenced = true
  })
  let refusal: { code?: string } | undefined
  while (!fenced && refusal === undefined) {
    const next = await open().catch((error: { code?: string }) => {
      refusal = error
    })
    await last()
    if (next) last = next
  }
  await last()
  await fencing

  assert.equal(refusal?.code, 'BY001')
  assert.equal((await ownedRanges(db))[0]?.state, 'fenced')
})

test('a transaction whose snapshot is older than the fence cannot write past it', async t => {
  const db = (await rigs.build(t)).db('shard-1')

  const writing = db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async trx => {
      await trx.selectFrom('users').selectAll().execute()
      await changeOwnedRange(db, { ...at(someKey), state: 'fenced' })
      await write(trx, someKey)
    })

  await assert.rejects(writing, { code: '40001' })
})

test('changes cut ranges where they must, and repeat harmlessly', async t => {
  const db = (await rigs.build(t)).db('shard-1')
  const rows = async () => (await ownedRanges(db)).map(({ from, to, state }) => [from, to, state])

  for (let i = 0; i < 2; i++) await changeOwnedRange(db, { ...range(10n, 20n), state: 'fenced' })
  assert.deepEqual(await rows(), [
    [0n, 10n, 'owned'],
    [10n, 20n, 'fenced'],
    [20n, 2n ** 62n, 'owned'],
  ])
  await changeOwnedRange(db, { ...range(15n, keySpaceEnd), state: 'owned' })
  await changeOwnedRange(db, { ...range(0n, 12n), state: 'none' })

  assert.deepEqual(await rows(), [
    [12n, 15n, 'fenced'],
    [15n, keySpaceEnd, 'owned'],
  ])
  await write(db, keySpaceEnd - 1n)
  await assert.rejects(write(db, 13n), { code: 'BY001' })
})

test('a closing that its process did not live to end is over by itself', async t => {
  const db = (await rigs.build(t)).db('shard-1')
  const closing = { from_key: 0n, to_key: keySpaceEnd }
  await db
    .insertInto('range_closings')
    .values({ ...closing, until: new Date(Date.now() + 3_600_000) })
    .execute()
  await assert.rejects(write(db, someKey), { code: 'BY001' })

  await db
    .updateTable('range_closings')
    .set({ until: new Date(Date.now() - 1_000) })
    .execute()

  await write(db, someKey)
})

test('updates and deletes are fenced, and a row cannot be given a key of another shard', async t => {
  const db = (await rigs.build(t)).db('shard-1')
  await write(db, someKey)

  const rekeyed = sql`update user_state set user_key = ${keySpaceEnd - 1n} where user_key = ${someKey}`
  await assert.rejects(rekeyed.execute(db), { code: 'BY001' })
  await changeOwnedRange(db, { ...at(someKey), state: 'fenced' })
  await assert.rejects(db.updateTable('user_state').set({ value: '3' }).execute(), { code: 'BY001' })
  await assert.rejects(db.deleteFrom('user_state').execute(), { code: 'BY001' })
})

test('what replication applies is not fenced', async t => {
  const db = (await rigs.build(t)).db('shard-1')

  await db.transaction().execute(async trx => {
    await sql`set local session_replication_role = replica`.execute(trx)
    await write(trx, keySpaceEnd - 1n)
  })

  assert.equal((await db.selectFrom('user_state').selectAll().execute()).length, 1)
})

function at(key: bigint) {
  return range(key, key + 1n)
}

function range(from: bigint, to: bigint) {
  return { from, to, mapVersion: 1 }
}
