import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keySpaceEnd } from '../../src/map/shard-map.ts'
import { beginMove } from '../../src/moves/begin-move.ts'
import { startMoves } from '../../src/moves/start-moves.ts'
import {
  countersIn,
  end,
  keysAbove,
  leftovers,
  moveRigs,
  owned,
  startLoad,
  untilMove,
  upper,
} from './move-rig.ts'

const rigs = moveRigs()

test('a move that is cancelled at any step before the switch leaves everything as it was, and can be begun anew', async t => {
  const rig = await rigs.build(t)
  const { shards } = await rig.process()
  const load = startLoad(t, shards, keysAbove(8), { writers: 4, readers: 2 })
  let cancelAt = ''
  const deps: typeof rig.deps = {
    ...rig.deps,
    async onStep(step, phase) {
      if (`${step} ${phase}` === cancelAt) await rig.moves.cancel(id)
    },
  }
  const runner = startMoves(deps, { process: 'a' })
  t.after(() => runner.close())

  cancelAt = 'check done'
  const { id } = await beginMove(deps, { source: 'shard-1', target: 'shard-2', split: true })
  for (const next of ['publish done', 'subscribe done', 'copy done', 'rehearse done', 'fence closed', '']) {
    const { state, error } = await untilMove(rig.moves, id, ({ endedAt }) => endedAt !== null)
    assert.deepEqual([state, error], ['cancelled', null], cancelAt)
    assert.deepEqual(await leftovers(rig), [], cancelAt)
    assert.deepEqual(await owned(rig.db('shard-1')), [[0n, end, 'owned']], cancelAt)
    assert.deepEqual(await owned(rig.db('shard-2')), [[end, keySpaceEnd, 'owned']], cancelAt)
    assert.deepEqual([...(await countersIn(rig.db('shard-2'), 0n, end))], [], cancelAt)
    cancelAt = next
    await rig.moves.resume(id)
    runner.wake()
  }
  await untilMove(rig.moves, id, ({ state }) => state === 'done')

  await assert.rejects(rig.moves.cancel(id), { code: 'SHD_MOVE_STATE' })
  await assert.rejects(rig.moves.resume(id), { code: 'SHD_MOVE_STATE' })
  const { problems } = await load.stop()
  assert.deepEqual(problems, [])
  assert.deepEqual([...(await countersIn(rig.db('shard-2'), upper, end))], [...load.ledger])
})

test('once the switch has begun a move is not cancelled any more', async t => {
  const rig = await rigs.build(t)
  const refused = Promise.withResolvers<unknown>()
  const deps: typeof rig.deps = {
    ...rig.deps,
    async onStep(step, phase) {
      if (step === 'fence' && phase === 'done')
        refused.resolve(await rig.moves.cancel(id).catch(error => error.code))
    },
  }
  const { id } = await beginMove(deps, { source: 'shard-1', target: 'shard-2', split: true })
  const runner = startMoves(deps, { process: 'a' })
  t.after(() => runner.close())

  assert.equal(await refused.promise, 'SHD_MOVE_STATE')
  await untilMove(rig.moves, id, ({ state }) => state === 'done')
})
