import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sameSecret } from '../../src/verify/constant-time.ts'

test('a secret is the same as itself and as no other, of whatever length and characters', () => {
  const secret = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('a', '\0', 'é'), maxLength: 4 }),
    fc.string({ unit: fc.constantFrom('a', 'é', '\u{1f511}'), minLength: 120, maxLength: 1000 }),
  )
  fc.assert(fc.property(secret, one => sameSecret(one, one)))
  fc.assert(fc.property(secret, secret, (one, other) => sameSecret(one, other) === (one === other)))
})

test('a secret is told from one that goes on, on both sides of what the comparison has room for', () => {
  for (const length of [1, 255, 256, 257, 1000]) {
    const secret = 'a'.repeat(length)
    for (const end of ['a', '\0', 'é', 'a'.repeat(1000)]) {
      assert.equal(sameSecret(secret + end, secret), false)
      assert.equal(sameSecret(secret, secret + end), false)
    }
    assert.equal(sameSecret(secret, 'a'.repeat(length)), true)
  }
})
