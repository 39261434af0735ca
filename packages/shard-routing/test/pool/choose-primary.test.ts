import assert from 'node:assert/strict'
import { test } from 'node:test'
import { choosePrimary } from '../../src/pool/choose-primary.ts'
import type { HostReport } from '../../src/pool/host-report.ts'

const host = (status: 'standby' | 'writable', timeline: number, system = 'c1'): HostReport => ({
  status,
  timeline,
  system,
})
const away: HostReport = { status: 'away', error: new Error('refused') }
const choose = (
  hosts: Record<string, HostReport>,
  {
    current,
    remembered = () => 0,
  }: { current?: string; remembered?: (system: string) => number | undefined } = {},
) => {
  const { url, refused } = choosePrimary(new Map(Object.entries(hosts)), current, remembered)
  return [url, Object.fromEntries(refused)]
}

test('the writable host is the primary, whatever its place in the list', () => {
  assert.deepEqual(choose({ a: host('standby', 1), b: host('writable', 1) }), ['b', {}])
  assert.deepEqual(choose({ a: host('standby', 1), b: away }), [undefined, {}])
})

test('of two writable hosts the one that was promoted counts, also for who used the old one', () => {
  const both = { a: host('writable', 1), b: host('writable', 2) }
  assert.deepEqual(choose(both, { current: 'a' }), ['b', { a: 'old-timeline' }])
})

test('an old primary is refused alone, if a standby or anybody before has seen a higher timeline', () => {
  assert.deepEqual(choose({ a: host('writable', 1), b: host('standby', 2) }), [
    undefined,
    { a: 'old-timeline' },
  ])
  const remembered = () => 2
  assert.deepEqual(choose({ a: host('writable', 1), b: away }, { remembered }), [
    undefined,
    { a: 'old-timeline' },
  ])
})

test('while nobody can be asked what was seen, a host counts only if all others answer', () => {
  const remembered = () => undefined
  assert.deepEqual(choose({ a: host('writable', 1), b: away }, { remembered }), [
    undefined,
    { a: 'unproven' },
  ])
  assert.deepEqual(choose({ a: host('writable', 1), b: host('standby', 1) }, { remembered }), ['a', {}])
})

test('of two primaries of the same timeline the one in use stays, and of two clusters the one in use', () => {
  const twins = { a: host('writable', 1), b: host('writable', 1) }
  assert.deepEqual(choose(twins, { current: 'b' }), ['b', { a: 'second-primary' }])
  const strangers = { a: host('writable', 1), b: host('writable', 7, 'c2') }
  assert.deepEqual(choose(strangers, { current: 'a' }), ['a', { b: 'other-cluster' }])
})
