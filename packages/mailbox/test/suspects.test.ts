import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Suspects } from '../src/suspects.ts'

test('one claim at a time may bring a suspect, and none while one runs', () => {
  const suspects = new Suspects()

  assert.equal(suspects.take(), true)
  assert.equal(suspects.take(), false)
  suspects.give()
  assert.equal(suspects.take(), true)
})
