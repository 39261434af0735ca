import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLossless } from '../src/index.ts'

test('an integer that a double cannot hold becomes a BigInt, any other stays a number', () => {
  const parsed = parseLossless(
    '{"big":9007199254740993,"low":-9007199254740993,"safe":9007199254740991,"n":1}',
  )

  assert.deepEqual(parsed, { big: 9007199254740993n, low: -9007199254740993n, safe: 9007199254740991, n: 1 })
})

test('fractions and exponents stay numbers, long digits within texts stay texts', () => {
  const parsed = parseLossless('[0.1234567890123456,1e30,"9007199254740993",9007199254740994.0]')

  assert.deepEqual(parsed, [0.1234567890123456, 1e30, '9007199254740993', 2 ** 53 + 2])
})

test('__proto__ stays an own property, with and without long numbers', () => {
  for (const json of ['{"__proto__":{"admin":true}}', '{"__proto__":{"admin":true,"n":9007199254740993}}']) {
    const parsed = parseLossless(json) as object

    assert.ok(Object.hasOwn(parsed, '__proto__'))
    assert.equal(Object.getPrototypeOf(parsed), Object.prototype)
    assert.equal('admin' in parsed, false)
  }
})
