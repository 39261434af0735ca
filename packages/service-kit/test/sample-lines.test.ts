import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLineSampler } from '../src/index.ts'

test('beyond so many lines a window the rest is left out, and the next line says how many', () => {
  let nowMs = 0
  const sampler = createLineSampler({ max: 2, windowMs: 1000, now: () => nowMs })

  const first = [
    sampler.sample('a'),
    sampler.sample('a'),
    sampler.sample('a'),
    sampler.sample('a'),
    sampler.sample('b'),
  ]
  nowMs = 1000
  const second = [sampler.sample('a'), sampler.sample('a'), sampler.sample('a')]

  assert.deepEqual(first, [0, 0, undefined, undefined, 0])
  assert.deepEqual(second, [2, 0, undefined])
})
