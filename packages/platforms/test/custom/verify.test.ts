import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { verifyCustom } from '../../src/custom/verify.ts'

const nowMs = Date.now()
const secret = `whsec_${Buffer.from('a key of thirty-two bytes, exact').toString('base64')}`
const id = 'msg_1'
const body = '{"id":"1","conversation":"c","text":"héllo"}'

interface Call {
  secret?: string
  id?: string
  at?: number
  signature?: string
  body?: string | Buffer
}

/** A call that the reference library signed, with whatever a test changes afterwards. */
function resultOf(change: Call = {}) {
  const at = change.at ?? nowMs
  const headers = {
    'webhook-id': change.id ?? id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': change.signature ?? new Webhook(secret).sign(id, new Date(at), body),
  }
  return verifyCustom(
    { headers, body: Buffer.from(change.body ?? body), receivedAtMs: nowMs },
    { secret: change.secret ?? secret },
  )
}

function flipBit(bytes: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(bytes)
  flipped[bit >> 3]! ^= 1 << (bit & 7)
  return flipped
}

test('the specification’s own vector is genuine at its own time', () => {
  const folder = new URL('./fixtures/', import.meta.url)
  const manifest = readFileSync(new URL('manifest.jsonl', folder), 'utf8').trim().split('\n')
  const { headers } = manifest.map(line => JSON.parse(line)).find(line => line.file === 'vector-1.json')

  const result = verifyCustom(
    {
      headers,
      body: readFileSync(new URL('vector-1.json', folder)),
      receivedAtMs: 1614265330_000,
    },
    { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  )

  assert.deepEqual(result, { genuine: true })
})

test('what the reference library signed is genuine, whatever the key, id and text', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 24, maxLength: 64 }),
      fc.stringMatching(/^[\x21-\x7e]{1,40}$/),
      fc.string({ unit: 'grapheme' }),
      (key, anyId, text) => {
        const anySecret = `whsec_${Buffer.from(key).toString('base64')}`
        const signature = new Webhook(anySecret).sign(anyId, new Date(nowMs), text)

        assert.deepEqual(resultOf({ secret: anySecret, id: anyId, body: text, signature }), { genuine: true })
      },
    ),
  )
})

test('an id beyond ASCII is verified over the bytes that came, which Node hands over as one character each', () => {
  const signature = new Webhook(secret).sign('évènement', new Date(nowMs), body)

  const asReceived = Buffer.from('évènement').toString('latin1')

  assert.deepEqual(resultOf({ id: asReceived, signature }), { genuine: true })
})

test('one bit changed in the decoded signature, the body or the key is a mismatch', () => {
  const signature = Buffer.from(new Webhook(secret).sign(id, new Date(nowMs), body).slice(3), 'base64')
  const key = Buffer.from(secret.slice(6), 'base64')
  const bytes = Buffer.from(body)
  const mismatch = { genuine: false, reason: 'mismatch' }

  for (let bit = 0; bit < signature.length * 8; bit++) {
    const changed = `v1,${flipBit(signature, bit).toString('base64')}`
    assert.deepEqual(resultOf({ signature: changed }), mismatch)
  }
  for (let bit = 0; bit < bytes.length * 8; bit++)
    assert.deepEqual(resultOf({ body: flipBit(bytes, bit) }), mismatch)
  for (let bit = 0; bit < key.length * 8; bit++) {
    assert.deepEqual(resultOf({ secret: `whsec_${flipBit(key, bit).toString('base64')}` }), mismatch)
  }
})

test('a changed id or timestamp is a mismatch: both are signed', () => {
  const signature = new Webhook(secret).sign(id, new Date(nowMs), body)

  assert.deepEqual(resultOf({ id: 'msg_2', signature }), { genuine: false, reason: 'mismatch' })
  assert.deepEqual(resultOf({ at: nowMs - 1000, signature }), { genuine: false, reason: 'mismatch' })
})

test('one right signature among several suffices, as while a secret is rotated', () => {
  const right = new Webhook(secret).sign(id, new Date(nowMs), body)
  const other = new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).sign(id, new Date(nowMs), body)

  assert.deepEqual(resultOf({ signature: `${other} v1a,AAAA ${right}` }), { genuine: true })
  assert.deepEqual(resultOf({ signature: `${other} v1a,AAAA` }), { genuine: false, reason: 'mismatch' })
})

test('the right bytes under another scheme, cut, padded or bare are a mismatch', () => {
  const right = new Webhook(secret).sign(id, new Date(nowMs), body).slice(3)
  const longer = Buffer.concat([Buffer.from(right, 'base64'), Buffer.alloc(1)]).toString('base64')

  for (const signature of [
    right,
    `v1a,${right}`,
    `v2,${right}`,
    'v1,',
    'v1',
    `v1,${right.slice(0, 40)}`,
    `v1,${longer}`,
  ]) {
    assert.deepEqual(resultOf({ signature }), { genuine: false, reason: 'mismatch' }, signature)
  }
})

test('a call more than five minutes old or ahead is stale, though signed rightly', t => {
  // The reference library looks at the clock itself.
  t.mock.timers.enable({ apis: ['Date'], now: nowMs })
  const minute = 60_000
  for (const at of [nowMs - 4 * minute, nowMs + 4 * minute])
    assert.deepEqual(resultOf({ at }), { genuine: true })
  for (const at of [nowMs - 6 * minute, nowMs + 6 * minute]) {
    assert.deepEqual(resultOf({ at }), { genuine: false, reason: 'stale' })
    assert.throws(() =>
      new Webhook(secret).verify(body, {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at / 1000)),
        'webhook-signature': new Webhook(secret).sign(id, new Date(at), body),
      }),
    )
  }
})

test('a missing header is missing, a doubled one or a timestamp that is no number is malformed', () => {
  const headers = { 'webhook-id': id, 'webhook-timestamp': '1', 'webhook-signature': 'v1,AAAA' }
  const reasonOf = (change: Record<string, string | string[] | undefined>) =>
    verifyCustom(
      { headers: { ...headers, ...change }, body: Buffer.from(body), receivedAtMs: nowMs },
      { secret },
    )

  for (const name of Object.keys(headers)) {
    assert.deepEqual(reasonOf({ [name]: undefined }), { genuine: false, reason: 'missing' })
    assert.deepEqual(reasonOf({ [name]: ['a', 'b'] }), { genuine: false, reason: 'malformed' })
  }
  for (const timestamp of ['now', '1e9', '-1', ' 1', '1.5', '0x10', '9'.repeat(13)]) {
    assert.deepEqual(reasonOf({ 'webhook-timestamp': timestamp }), { genuine: false, reason: 'malformed' })
  }
})
