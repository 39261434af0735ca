import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { keySpaceEnd } from '../../src/map/shard-map.ts'
import { beginMove } from '../../src/moves/begin-move.ts'
import { closingBounds } from '../../src/moves/close-range.ts'
import { startMoves } from '../../src/moves/start-moves.ts'
import { countersIn, end, leftovers, moveRigs, owned, untilMove, upper } from './move-rig.ts'

const rigs = moveRigs()

/** Begins a move of one user, whose row at the target is another one by the time of the switch. */
async function spoil(t: TestContext, bounds: typeof closingBounds) {
  const rig = await rigs.build(t)
  await sql`insert into scores (user_key, n) values (${upper}, 0)`.execute(rig.db('shard-1'))
  const deps: typeof rig.deps = {
    ...{ ...rig.deps, bounds },
    async onStep(step, phase) {
      if (step !== 'rehearse' || phase !== 'recorded') return
      await rig
        .db('shard-2')
        .transaction()
        .execute(async trx => {
          await sql`set local session_replication_role = replica`.execute(trx)
          await sql`update scores set note = 'spoilt'`.execute(trx)
        })
    },
  }
  const { id } = await beginMove(deps, { source: 'shard-1', target: 'shard-2', split: true })
  const runner = startMoves(deps, { process: 'a' })
  t.after(() => runner.close())
  const move = await untilMove(rig.moves, id, ({ state }) => state === 'failed')
  return { rig, move, runner }
}

test('rows that differ at the switch have the move undone before it', async t => {
  const { rig, move } = await spoil(t, { ...closingBounds, compareMs: 60_000 })

  assert.match(move.error!, /^The table scores differs: 1 rows at shard-1 .*, 1 at shard-2/)
  assert.equal(move.step, 'fence')
  assert.deepEqual(await leftovers(rig), [])
  assert.deepEqual(await owned(rig.db('shard-1')), [[0n, end, 'owned']])
  assert.deepEqual([...(await countersIn(rig.db('shard-1'), 0n, end))], [[upper, 0]])
  assert.deepEqual([...(await countersIn(rig.db('shard-2'), 0n, end))], [])
})

test('what a comparison longer than the pause finds stops the move before anything is deleted, until somebody resumes it', async t => {
  const { rig, move, runner } = await spoil(t, { ...closingBounds, compareMs: 0 })

  assert.match(move.error!, /^The table scores differs/)
  assert.equal(move.step, 'retire')
  assert.deepEqual(await owned(rig.db('shard-2')), [[upper, keySpaceEnd, 'owned']])
  assert.deepEqual([...(await countersIn(rig.db('shard-1'), 0n, end))], [[upper, 0]])

  await rig.moves.resume(move.id)
  runner.wake()
  await untilMove(rig.moves, move.id, ({ state }) => state === 'done')
  assert.deepEqual(await leftovers(rig), [])
  assert.deepEqual([...(await countersIn(rig.db('shard-1'), 0n, end))], [])
})
