import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import fc from 'fast-check'
import { createKeyring, KeyringError } from '../src/index.ts'

const key = () => randomBytes(32).toString('base64')
const keys = { k1: key(), 'key-of-2026': key() }
const keyring = createKeyring({ active: 'key-of-2026', keys })
const plaintexts = fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes))
const contexts = fc.string({ unit: 'binary' })

/**
 * The nonce of an envelope under a key id of that many bytes: version, length, id and salt come before it.
 */
const nonceOf = (envelope: Buffer, idBytes: number) => envelope.subarray(2 + idBytes + 16, 2 + idBytes + 28)

test('any plaintext under any context opens to the same bytes', () => {
  fc.assert(
    fc.property(plaintexts, contexts, (plaintext, context) => {
      assert.deepEqual(keyring.open(keyring.seal(plaintext, context), context), plaintext)
    }),
  )
})

test('a large envelope opens in slices to the same bytes, and one that was changed is refused', async () => {
  const plaintext = randomBytes(700_001)
  const envelope = keyring.seal(plaintext, 'context')

  const opened = await keyring.openInSlices(envelope, 'context')

  assert.ok(opened.equals(plaintext))
  assert.ok(
    (await keyring.openInSlices(keyring.seal(Buffer.alloc(0), 'context'), 'context')).equals(Buffer.alloc(0)),
  )
  await assert.rejects(keyring.openInSlices(envelope, 'other'), { code: 'KEY_TAMPERED' })
  await assert.rejects(keyring.openInSlices(Buffer.from('none'), 'context'), { code: 'KEY_MALFORMED' })
})

test('a large envelope lets everybody else have the event loop between its slices', async () => {
  const envelope = keyring.seal(Buffer.alloc(4 * 1024 * 1024), 'context')
  let turns = 0
  const turn = () => {
    turns++
    if (!done) setImmediate(turn)
  }
  let done = false

  setImmediate(turn)
  await keyring.openInSlices(envelope, 'context')
  done = true

  assert.ok(turns >= 15, `${turns} turns`)
})

test('an envelope with any one bit flipped is refused', () => {
  fc.assert(
    fc.property(plaintexts, fc.nat(), fc.integer({ min: 0, max: 7 }), (plaintext, position, bit) => {
      const envelope = keyring.seal(plaintext, 'context')
      const changed = position % envelope.length
      envelope[changed]! ^= 1 << bit

      assert.throws(() => keyring.open(envelope, 'context'), KeyringError)
    }),
    { numRuns: 500 },
  )
})

test('an envelope cut anywhere, and any other bytes, are refused', () => {
  const envelope = keyring.seal(Buffer.from('text'), 'context')

  for (let length = 0; length < envelope.length; length++) {
    assert.throws(() => keyring.open(envelope.subarray(0, length), 'context'), KeyringError)
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      assert.throws(() => keyring.open(Buffer.from(bytes), 'context'), KeyringError)
    }),
  )
})

test('the wrong context is refused as tampered', () => {
  const envelope = keyring.seal(Buffer.from('text'), 'echo/one')

  assert.throws(() => keyring.open(envelope, 'echo/two'), { code: 'KEY_TAMPERED' })
})

test('a key that is not in the ring has a code of its own, and is named', () => {
  const other = createKeyring({ active: 'k9', keys: { k9: key() } })
  const envelope = other.seal(Buffer.from('text'), 'context')

  assert.throws(() => keyring.open(envelope, 'context'), { code: 'KEY_UNKNOWN', message: /"k9"/ })
})

test('another key of the same id is refused as tampered', () => {
  const envelope = createKeyring({ active: 'k1', keys: { k1: key() } }).seal(Buffer.from('text'), 'context')

  assert.throws(() => keyring.open(envelope, 'context'), { code: 'KEY_TAMPERED' })
})

test('bytes that are no envelope are malformed', () => {
  assert.throws(() => keyring.open(Buffer.from('{"json":true}'), 'context'), { code: 'KEY_MALFORMED' })
})

test('what an older key sealed opens after the rotation, in another process', () => {
  const before = createKeyring({ active: 'k1', keys: { k1: keys.k1 } })

  assert.equal(keyring.open(before.seal(Buffer.from('text'), 'context'), 'context').toString(), 'text')
})

test('the envelopes of more processes than keys are remembered all open', () => {
  const envelopes = Array.from({ length: 1_200 }, (_, n) =>
    createKeyring({ active: 'k1', keys: { k1: keys.k1 } }).seal(Buffer.from(String(n)), 'context'),
  )

  const opened = [...envelopes, ...envelopes].map(envelope => keyring.open(envelope, 'context').toString())

  assert.deepEqual(
    opened,
    [...envelopes.keys(), ...envelopes.keys()].map(n => String(n)),
  )
})

test('no nonce is used twice under a salt, and two keyrings of one key never share a salt', () => {
  const nonces = new Set<string>()
  for (let n = 0; n < 70_000; n++) {
    nonces.add(nonceOf(keyring.seal(Buffer.alloc(0), ''), 'key-of-2026'.length).toString('hex'))
  }
  const saltOf = (envelope: Buffer) => envelope.subarray(4, 20).toString('hex')
  const salts = new Set<string>()
  for (let n = 0; n < 100; n++) {
    salts.add(saltOf(createKeyring({ active: 'k1', keys: { k1: keys.k1 } }).seal(Buffer.alloc(0), '')))
  }

  assert.equal(nonces.size, 70_000)
  assert.equal(salts.size, 100)
})

test('the plaintext does not stand in the envelope', () => {
  const plaintext = Buffer.from('a sentence of a user')

  assert.equal(keyring.seal(plaintext, 'context').includes(plaintext), false)
})

test('a keyring with a key of the wrong length, or without its active key, is not made', () => {
  assert.throws(() => createKeyring({ active: 'k1', keys: { k1: 'c2hvcnQ=' } }), { code: 'KEY_MALFORMED' })
  assert.throws(() => createKeyring({ active: 'k2', keys: { k1: key() } }), { code: 'KEY_UNKNOWN' })
})
