import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createShardStore } from '@botyard/control-database/shards'
import { keyring, logger } from '@botyard/control-database/testing'
import { sql } from 'kysely'
import { changeOwnedRange } from '../../src/fence/change-owned-ranges.ts'
import { migrateShards } from '../../src/migrations/migrate-shards.ts'
import { beginMove } from '../../src/moves/begin-move.ts'
import { MoveRefusedError } from '../../src/moves/errors.ts'
import { startMoves } from '../../src/moves/start-moves.ts'
import { shardRigs } from '../shard-rig.ts'
import { leftovers, moveRigs, quiz, untilMove, upper } from './move-rig.ts'

const rigs = moveRigs()
const plainRigs = shardRigs()
const split = { source: 'shard-1', target: 'shard-2', split: true }

/** All that stands against a move. */
async function problemsOf(begun: Promise<unknown>): Promise<string> {
  const error = await begun.then(
    () => assert.fail('it was not refused'),
    error => error,
  )
  assert.ok(error instanceof MoveRefusedError, String(error))
  return error.problems.join('\n')
}

test('a server that cannot replicate is refused, and the message says which setting', async t => {
  const rig = await plainRigs.build(t)
  const deps = { control: rig.control, shards: createShardStore(rig.control, keyring), logger }

  assert.match(
    await problemsOf(beginMove(deps, split)),
    /^shard-1 runs with wal_level=replica: it must be logical$/m,
  )
})

test('tables that differ, rows at the target and keys that are not owned are all named at once', async t => {
  const rig = await rigs.build(t)
  const db = rig.db('shard-2')
  await sql`alter table scores add column level int`.execute(db)
  await sql`create table notes (user_key bigint primary key)`.execute(rig.db('shard-1'))
  await changeOwnedRange(db, { from: upper, to: upper + 10n, state: 'owned', mapVersion: 1 })
  await sql`insert into scores (user_key, n) values (${upper}, 1)`.execute(db)

  const problems = await problemsOf(beginMove(rig.deps, split))

  assert.match(problems, /^shard-1 and shard-2 differ in table scores: run all migrations on both$/m)
  assert.match(problems, /^the table notes has user_key and no fence, so it would be left behind$/m)
  assert.match(problems, /^shard-2 owns keys of the range in its own database$/m)
  assert.match(problems, /^shard-2 has rows of the range in scores already$/m)
  assert.equal(problems.split('\n').length, 4)
})

test('a range that is not one of the source, and shards that are unknown or the same, are refused', async t => {
  const { deps } = await rigs.build(t)
  const wish = { source: 'shard-1', target: 'shard-2' }

  assert.match(
    await problemsOf(beginMove(deps, { ...wish, to: 2n ** 62n + 1n })),
    /are not within one range of shard-1/,
  )
  assert.match(await problemsOf(beginMove(deps, { ...wish, from: 5n, to: 5n })), /are not within one range/)
  assert.match(await problemsOf(beginMove(deps, { ...wish, target: 'shard-9' })), /there is no shard shard-9/)
  assert.match(
    await problemsOf(beginMove(deps, { ...wish, target: 'shard-1' })),
    /shard-1 is source and target/,
  )
})

test("what the target's server cannot reach is found before anything is done, and no password is told", async t => {
  const rig = await rigs.build(t)
  const [source, target] = rig.shards
  const url = new URL(source!.hosts[0]!)
  url.password = 'hunter2'
  // node-postgres knows no such setting; libpq wants the file.
  url.searchParams.set('sslmode', 'disable')
  url.searchParams.set('gssencmode', 'no-such-mode')
  const list = async () => [{ ...source!, hosts: [url.href] }, target!]

  const problems = await problemsOf(beginMove({ ...rig.deps, shards: { list } }, split))

  assert.match(problems, /^the server of shard-2 cannot replicate from shard-1: .*gssencmode/)
  assert.ok(!problems.includes('hunter2'))
})

test('hosts that libpq could not take for one database are refused', async t => {
  const rig = await rigs.build(t)
  const [source, target] = rig.shards
  const list = async () => [
    { ...source!, hosts: [...source!.hosts, 'postgres://other@127.0.0.1:1/x'] },
    target!,
  ]

  const problems = await problemsOf(beginMove({ ...rig.deps, shards: { list } }, split))

  assert.match(problems, /^the hosts of shard-1 differ in user, password or database/)
})

test('a shard takes part in one move at a time, is not migrated meanwhile, and a move that fails leaves nothing', async t => {
  const rig = await rigs.build(t)
  const { id } = await beginMove(rig.deps, split)

  const other = beginMove(rig.deps, { source: 'shard-2', target: 'shard-1' })
  await assert.rejects(other, { code: 'SHD_MOVE_CONFLICT', move: id })
  const more = { version: 2, name: 'more', up: async () => {} }
  const sets = [{ ...quiz, migrations: [...quiz.migrations, more] }]
  const reports = await migrateShards({ shards: rig.shards, sets, control: rig.control, logger })
  for (const report of reports)
    assert.equal(report.status === 'failed' && (report.error as { code?: string }).code, 'SHD_MOVE_RUNNING')

  // Between the check of the request and that of the runner.
  await changeOwnedRange(rig.db('shard-2'), { from: upper, to: upper + 1n, state: 'owned', mapVersion: 1 })
  await sql`insert into scores (user_key, n) values (${upper}, 1)`.execute(rig.db('shard-2'))
  const runner = startMoves(rig.deps, { process: 'a' })
  t.after(() => runner.close())
  const failed = await untilMove(rig.moves, id, ({ state }) => state === 'failed')
  assert.match(failed.error!, /shard-2 has rows of the range in scores already/)
  assert.deepEqual(await leftovers(rig), [])
  const { rows } = await sql`select from scores`.execute(rig.db('shard-2'))
  assert.equal(rows.length, 1)
})
