import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAuditLog, createDeadLetterStore, type DeadLetter } from '../src/index.ts'
import { controlDatabases } from './control.ts'

const databases = controlDatabases()

function letter(id: string, bot: string, diedAt: string): DeadLetter {
  return {
    id,
    bot,
    conversation: `${bot}/AAAAAAAAAAAAAAAAAAAAAA`,
    reason: 'WRK_HANDLER_FAILED',
    envelope: Buffer.from([0, 1, 255]),
    tries: 5,
    acceptedAt: new Date('2026-11-01T00:00:00Z'),
    diedAt: new Date(diedAt),
  }
}

test('a letter that is copied again stays one, as it was first', async t => {
  const db = await databases.migrated(t)
  const letters = createDeadLetterStore(db)
  const first = letter('1', 'shop', '2026-11-02T00:00:00Z')

  await letters.insert([first])
  await letters.insert([{ ...first, tries: 9 }, letter('2', 'shop', '2026-11-03T00:00:00Z')])
  await letters.insert([])

  const found = await letters.list({ limit: 10 })
  assert.deepEqual(
    found.map(({ id, tries }) => [id, tries]),
    [
      ['2', 5],
      ['1', 5],
    ],
  )
  const row = await db.selectFrom('dead_letters').select('envelope').where('id', '=', '1').executeTakeFirstOrThrow()
  assert.deepEqual(row.envelope, first.envelope)
})

test('letters are listed newest first, of one bot or of all, without their envelopes', async t => {
  const letters = createDeadLetterStore(await databases.migrated(t))
  await letters.insert([
    letter('a', 'shop', '2026-11-02T00:00:00Z'),
    letter('b', 'quiz', '2026-11-04T00:00:00Z'),
    letter('c', 'shop', '2026-11-03T00:00:00Z'),
  ])

  const ofAll = await letters.list({ limit: 2 })
  const ofShop = await letters.list({ bot: 'shop', limit: 10 })

  assert.deepEqual(
    ofAll.map(found => found.id),
    ['b', 'c'],
  )
  const { envelope, ...profile } = letter('c', 'shop', '2026-11-03T00:00:00Z')
  assert.deepEqual(ofShop[0], profile)
  assert.equal(ofShop.length, 2)
})

test('pruning deletes what died before a time and says how many', async t => {
  const letters = createDeadLetterStore(await databases.migrated(t))
  await letters.insert([letter('old', 'shop', '2026-11-02T00:00:00Z'), letter('new', 'shop', '2026-11-04T00:00:00Z')])

  assert.equal(await letters.prune(new Date('2026-11-03T00:00:00Z')), 1)

  assert.deepEqual(
    (await letters.list({ limit: 10 })).map(found => found.id),
    ['new'],
  )
})

test('the audit log keeps its entries, newest first', async t => {
  const log = createAuditLog(await databases.migrated(t))
  const entry = { actor: 'alice', role: 'owner', action: 'bot.create', target: 'shop', details: { handler: 'echo' } }

  await log.append(entry)
  await log.append({ ...entry, action: 'bot.delete', details: {} })

  const entries = await log.list({ limit: 10 })
  assert.deepEqual(
    entries.map(({ at, ...rest }) => rest),
    [{ ...entry, action: 'bot.delete', details: {} }, entry],
  )
  assert.ok(entries.every(({ at }) => at instanceof Date))
})
