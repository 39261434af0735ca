import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { keys } from '@botyard/control-database/testing'
import { startProcess } from '@botyard/testkit'
import { keySpaceEnd } from '../../src/map/shard-map.ts'
import { beginMove } from '../../src/moves/begin-move.ts'
import { runMove } from '../../src/moves/run-move.ts'
import { startMoves } from '../../src/moves/start-moves.ts'
import type { ShardRig } from '../shard-rig.ts'
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
const leaseMs = 400

/** Each time as late as can be: the step is done, and nobody has written that down. */
const places = [
  ...[
    'check done',
    'publish done',
    'subscribe done',
    'copy done',
    'rehearse closed',
    'rehearse done',
    'fence closed',
  ],
  ...['fence done', 'flip done', 'announce done', 'open done', 'retire done', 'delete done'],
]

test('a move whose process stalls in every step is brought to its end by others, who lose nothing, and those that wake up do no harm', async t => {
  const rig = await rigs.build(t)
  const { shards } = await rig.process()
  const load = startLoad(t, shards, [...keysBelow(16), ...keysAbove(16)], { writers: 4, readers: 2 })
  while (load.writes < 50) await new Promise(setImmediate)
  const { id } = await beginMove(rig.deps, { source: 'shard-1', target: 'shard-2', split: true })
  const wake = Promise.withResolvers<void>()
  const stalled: Promise<void>[] = []

  for (const at of places) {
    const there = Promise.withResolvers<void>()
    const onStep = async (step: string, phase: string) => {
      if (`${step} ${phase}` !== at) return
      there.resolve()
      await wake.promise
    }
    while (!(await rig.moves.lease(at, leaseMs)).some(move => move.id === id)) await delay(20)
    // It keeps its sessions, locks and open transactions, and renews no lease: as a process that stands
    // still.
    stalled.push(runMove({ ...rig.deps, onStep }, at, id, new AbortController().signal))
    await there.promise
  }
  const runner = startMoves(rig.deps, { process: 'last', leaseMs })
  t.after(() => runner.close())
  await untilMove(rig.moves, id, ({ state }) => state === 'done')
  wake.resolve()
  await Promise.all(stalled)

  const { problems } = await load.stop()
  assert.deepEqual(problems, [])
  const ledger = [...load.ledger]
  assert.deepEqual([...(await countersIn(rig.db('shard-1'), 0n, end))], ledger.slice(0, 16))
  assert.deepEqual([...(await countersIn(rig.db('shard-2'), 0n, end))], ledger.slice(16))
  await assertMoved(rig)
})

for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
  test(`a process that gets ${signal} while the range is closed holds writes up for no longer than its lease`, async t => {
    const rig = await rigs.build(t)
    const { shards } = await rig.process()
    const load = startLoad(t, shards, keysAbove(4), { writers: 4, readers: 1 })
    const { id } = await beginMove(rig.deps, { source: 'shard-1', target: 'shard-2', split: true })
    const settings = { controlUrl: rig.controlUrl, redisUrl: rig.redis.url, keys, leaseMs, name: 'child' }
    const child = await startProcess(fileURLToPath(new URL('move-process.ts', import.meta.url)), {
      args: [JSON.stringify({ ...settings, at: 'fence closed', signal })],
    })
    t.after(() => child.kill())
    await untilMove(rig.moves, id, ({ step, counts }) => step === 'fence' && counts.attempts === 1)

    const runner = startMoves(rig.deps, { process: 'other', leaseMs })
    t.after(() => runner.close())
    await untilMove(rig.moves, id, ({ state }) => state === 'done')

    if (signal === 'SIGSTOP') {
      const from = child.lines.length
      child.resume()
      await child.waitForLine('move left', { from })
    }
    assert.deepEqual((await load.stop()).problems, [])
    assert.deepEqual([...(await countersIn(rig.db('shard-2'), 0n, end))], [...load.ledger])
    await assertMoved(rig)
  })
}

async function assertMoved(rig: ShardRig): Promise<void> {
  assert.deepEqual(await leftovers(rig), [])
  assert.deepEqual(await owned(rig.db('shard-1')), [[0n, upper, 'owned']])
  assert.deepEqual(await owned(rig.db('shard-2')), [[upper, keySpaceEnd, 'owned']])
}
