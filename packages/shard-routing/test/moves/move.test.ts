import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keySpaceEnd } from '../../src/map/shard-map.ts'
import { createShardMapStore } from '../../src/map/shard-map-store.ts'
import { beginMove } from '../../src/moves/begin-move.ts'
import { startMoves } from '../../src/moves/start-moves.ts'
import {
  countersIn,
  end,
  keysAbove,
  keysBelow,
  leftovers,
  moveRigs,
  owned,
  startLoad,
  untilMove,
  upper,
} from './move-rig.ts'

const rigs = moveRigs()

test('half of a shard moves while its users are written and read: no write is lost and no read is wrong', async t => {
  const rig = await rigs.build(t)
  const processes = [await rig.process(), await rig.process(), await rig.process()]
  const load = startLoad(t, processes[0]!.shards, [...keysBelow(40), ...keysAbove(40)])
  const other = startLoad(t, processes[1]!.shards, [upper + 1n, upper + 2n, 1n, 2n], {
    writers: 2,
    readers: 2,
  })
  // No write of its own tells this one that keys have moved.
  const reader = startLoad(t, processes[2]!.shards, keysAbove(40), { writers: 0, ledger: load.ledger })
  while (load.writes < 200) await new Promise(setImmediate)

  const runner = startMoves(rig.deps, { process: 'a' })
  t.after(() => runner.close())
  const { id } = await beginMove(rig.deps, { source: 'shard-1', target: 'shard-2', split: true })
  const move = await untilMove(rig.moves, id, ({ state }) => state === 'done')

  const written = load.writes
  while (load.writes < written + 200) await new Promise(setImmediate)
  const results = [await load.stop(), await other.stop(), await reader.stop()]
  assert.deepEqual(
    results.flatMap(({ problems }) => problems),
    [],
  )
  const ledger = [...load.ledger, ...other.ledger].sort(([a], [b]) => (a < b ? -1 : 1))
  const below = ledger.filter(([key]) => key < upper)
  const above = ledger.filter(([key]) => key >= upper)
  assert.deepEqual([...(await countersIn(rig.db('shard-1'), 0n, end))], below)
  assert.deepEqual([...(await countersIn(rig.db('shard-2'), 0n, end))], above)
  assert.deepEqual(await leftovers(rig), [])
  assert.deepEqual(await owned(rig.db('shard-1')), [[0n, upper, 'owned']])
  assert.deepEqual(await owned(rig.db('shard-2')), [[upper, keySpaceEnd, 'owned']])
  const map = await createShardMapStore(rig.control).current()
  assert.deepEqual(map?.ranges, [
    { from: 0n, to: upper, shard: 'shard-1' },
    { from: upper, to: keySpaceEnd, shard: 'shard-2' },
  ])
  assert.ok(move.counts.pauseMs !== undefined && move.counts.rowsCompared! >= 42)
  t.diagnostic(
    `writes ${results[0]!.writes}, reads ${results[0]!.reads}, longest write ${Math.round(results[0]!.longestMs)} ms`,
  )
  t.diagnostic(JSON.stringify(move.counts))
})
