import assert from 'node:assert/strict'
import test from 'node:test'
import { Registry } from 'prom-client'
import { createLastHeard } from '../src/last-heard.ts'

test('a bot is silent since it was heard last, and forgotten when nobody listens any more', async () => {
  const registry = new Registry()
  let nowMs = 0
  const ear = createLastHeard(registry, () => nowMs)

  ear.heard('a', 'polling')
  ear.heard('b', 'socket')
  nowMs = 4_000
  ear.heard('b', 'socket')
  nowMs = 10_000
  const before = await silences(registry)
  ear.ended('a', 'polling')
  const after = await silences(registry)

  assert.deepEqual(before, [
    ['a', 'polling', 10],
    ['b', 'socket', 6],
  ])
  assert.deepEqual(after, [['b', 'socket', 6]])
})

test('of many bots those are told that are silent for longest', async () => {
  const registry = new Registry()
  let nowMs = 0
  const ear = createLastHeard(registry, () => nowMs)

  for (; nowMs < 60_000; nowMs += 1_000) ear.heard(`bot-${nowMs / 1_000}`, 'polling')

  const told = await silences(registry)
  assert.equal(told.length, 50)
  assert.deepEqual(told.at(-1), ['bot-49', 'polling', 11])
})

async function silences(registry: Registry) {
  const [metric] = await registry.getMetricsAsJSON()
  return metric!.values.map(({ labels, value }) => [labels.bot, labels.intake, value])
}
