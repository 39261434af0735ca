import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rateChosen } from '../../src/limits/rate-limits.ts'

const telegram = { name: 'bot', periodMs: 1000, own: 30, broadcasts: true } as const

test('a number of the operator makes replies wait, one that widens a rate of broadcasts does not, and null is no limit', () => {
  const waits = (setting: number | null | undefined, bulk: boolean) =>
    rateChosen({ ...telegram, setting, waits: bulk }).map(limit => limit.kind === 'rate' && limit.waits)

  assert.deepEqual([waits(10, false), waits(10, true)], [[true], [true]])
  assert.deepEqual([waits(1000, false), waits(1000, true)], [[false], [true]])
  assert.deepEqual([waits(undefined, false), waits(undefined, true)], [[false], [true]])
  const [chat] = rateChosen({ name: 'chat', periodMs: 1000, own: 1, setting: 2, waits: false })
  assert.ok(chat?.kind === 'rate' && chat.waits)
  assert.deepEqual([waits(null, false), waits(null, true)], [[], []])
})

test('where the platform has no number of its own, any number tightens', () => {
  const [limit] = rateChosen({ name: 'bot', periodMs: 1000, setting: 5, waits: false })

  assert.deepEqual(limit, { kind: 'rate', name: 'bot', count: 4.8, periodMs: 1000, burst: 1, waits: true })
})

test('no window of a period sees more than is allowed', () => {
  for (const max of [1, 20, 30, 50, 2000]) {
    const [limit] = rateChosen({ name: 'bot', periodMs: 1000, setting: undefined, own: max, waits: true })
    assert.ok(limit?.kind === 'rate')
    assert.ok(Math.floor(limit.burst + limit.count) <= Math.max(max, Math.floor(1 + limit.count)), `${max}`)
  }
})
