import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { drainJobVersion, readDrainJob, UnreadablePayloadError } from '../src/index.ts'

test('a drain job of this version and of the one before is read', () => {
  for (const v of [drainJobVersion, drainJobVersion - 1]) {
    assert.deepEqual(readDrainJob({ v, c: ['echo/a', 'echo/b'] }), { v, c: ['echo/a', 'echo/b'] })
  }
})

test('a drain job of any other version is unreadable and says which it is', () => {
  for (const v of [drainJobVersion + 1, drainJobVersion - 2]) {
    assert.throws(() => readDrainJob({ v, c: ['echo/a'] }), { code: 'QUE_UNREADABLE_PAYLOAD', version: v })
  }
})

test('a drain job that names no conversation is unreadable', () => {
  for (const c of [[], [''], ['echo'], ['echo/a/b'], [7], 'echo/a', undefined]) {
    assert.throws(() => readDrainJob({ v: drainJobVersion, c }), UnreadablePayloadError)
  }
})

test('anything else is an UnreadablePayloadError, never another error', () => {
  fc.assert(
    fc.property(fc.anything(), data => {
      assert.throws(() => readDrainJob(data), UnreadablePayloadError)
    }),
  )
})
