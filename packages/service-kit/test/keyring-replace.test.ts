import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import { createKeyring, keyIdOf } from '../src/index.ts'

const key = () => randomBytes(32).toString('base64')
const text = Buffer.from('text')
const k1 = key()
const k2 = key()

test('a new active key seals from then on, the old one opens until it is removed', () => {
  const keyring = createKeyring({ active: 'k1', keys: { k1 } })
  const old = keyring.seal(text, 'context')

  const added = keyring.replace({ active: 'k1', keys: { k1, k2 } })
  const between = keyring.seal(text, 'context')
  const activated = keyring.replace({ active: 'k2', keys: { k1, k2 } })
  const young = keyring.seal(text, 'context')

  assert.deepEqual(added, { active: 'k1', added: ['k2'], removed: [] })
  assert.deepEqual(activated, { active: 'k2', added: [], removed: [] })
  assert.deepEqual([old, between, young].map(keyIdOf), ['k1', 'k1', 'k2'])
  for (const envelope of [old, between, young]) assert.deepEqual(keyring.open(envelope, 'context'), text)

  const removed = keyring.replace({ active: 'k2', keys: { k2 } })

  assert.deepEqual(removed, { active: 'k2', added: [], removed: ['k1'] })
  // It was opened before: what was derived for it is forgotten too.
  assert.throws(() => keyring.open(old, 'context'), { code: 'KEY_UNKNOWN' })
  assert.deepEqual(keyring.open(young, 'context'), text)
})

test('the same keys again change nothing, and no listener hears of it', () => {
  const keyring = createKeyring({ active: 'k1', keys: { k1, k2 } })
  const heard: unknown[] = []
  keyring.onReplaced(change => heard.push(change))

  const same = keyring.replace({ active: 'k1', keys: { k2, k1 } })
  keyring.replace({ active: 'k2', keys: { k2, k1 } })

  assert.equal(same, undefined)
  assert.deepEqual(heard, [{ active: 'k2', added: [], removed: [] }])
})

test('keys that cannot be used leave the ring as it was', () => {
  const keyring = createKeyring({ active: 'k1', keys: { k1, k2 } })
  const sealed = keyring.seal(text, 'context')

  assert.throws(() => keyring.replace({ active: 'k3', keys: { k1, k2 } }), { code: 'KEY_UNKNOWN' })
  assert.throws(() => keyring.replace({ active: 'k1', keys: { k1: 'c2hvcnQ=' } }), { code: 'KEY_MALFORMED' })
  assert.throws(() => keyring.replace({ active: 'k1', keys: { k1: key() } }), {
    code: 'KEY_REUSED',
    message: /"k1"/,
  })

  assert.deepEqual(
    keyring.keys().map(({ id, active }) => [id, active]),
    [
      ['k1', true],
      ['k2', false],
    ],
  )
  assert.deepEqual(keyring.open(sealed, 'context'), text)
})

test('no nonce is used twice under a salt when the active key goes and comes back', () => {
  const keyring = createKeyring({ active: 'k1', keys: { k1, k2 } })
  const seen = new Set<string>()
  for (let n = 0; n < 200; n++) {
    // Behind version, length and id: salt and nonce.
    for (let i = 0; i < 10; i++)
      seen.add(
        keyring
          .seal(Buffer.alloc(0), '')
          .subarray(2, 4 + 16 + 12)
          .toString('hex'),
      )
    keyring.replace({ active: n % 2 === 0 ? 'k2' : 'k1', keys: { k1, k2 } })
  }

  assert.equal(seen.size, 2_000)
})

test('a fingerprint is the same in every process, differs by key, and is no part of it', () => {
  const [one] = createKeyring({ active: 'k1', keys: { k1 } }).keys()
  const [again] = createKeyring({ active: 'k1', keys: { k1 } }).keys()
  const [other] = createKeyring({ active: 'k1', keys: { k1: k2 } }).keys()

  assert.equal(one!.fingerprint, again!.fingerprint)
  assert.notEqual(one!.fingerprint, other!.fingerprint)
  assert.ok(!Buffer.from(k1, 'base64').toString('hex').includes(one!.fingerprint))
})

test('the key of an envelope is told without opening it, and bytes that are none have none', () => {
  const envelope = createKeyring({ active: 'k2', keys: { k2 } }).seal(text, 'context')

  assert.equal(keyIdOf(envelope), 'k2')
  for (const bytes of ['', '\x01', '\x01\x05ab', '{"json":true}', '\x02\x02k1']) {
    assert.equal(keyIdOf(Buffer.from(bytes, 'latin1')), undefined, JSON.stringify(bytes))
  }
})
