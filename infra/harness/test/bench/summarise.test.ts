import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measurement } from '../../src/bench/ingest/measure.ts'
import { summarise } from '../../src/bench/ingest/summarise.ts'

test('the ratio is the median of the rounds, each against the run beside it', () => {
  // The machine slowed down to a third in the middle: the medians alone (60 and 50) would say 1.2.
  const botyard = [300, 60, 50].map((perSecond, i) => run('botyard', i + 1, perSecond))
  const recipe = [100, 20, 50].map((perSecond, i) => run('recipe', i + 1, perSecond))

  const [ours, theirs] = summarise([...botyard, ...recipe])

  assert.deepEqual([ours?.system, ours?.perSecond, ours?.ratio], ['botyard', 60, 3])
  assert.deepEqual([theirs?.system, theirs?.perSecond, theirs?.ratio], ['recipe', 50, undefined])
})

test('a system measured alone has no ratio', () => {
  assert.equal(summarise([run('botyard', 1, 100)])[0]?.ratio, undefined)
})

function run(system: Measurement['system'], round: number, perSecond: number): Measurement {
  return {
    system,
    fsync: 'always',
    shape: 'uniform',
    round,
    accepted: perSecond,
    refused: {},
    perSecond,
    cpuMicros: { gateway: 1, worker: 1, redis: 1, generator: 1 },
    ackP50Ms: 1,
    ackP99Ms: 2,
    drainMs: 1,
    surplus: 0,
  }
}
