import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { maxSignatureAgeMs, verifyDiscord } from '../../src/discord/verify.ts'

const { publicKey: key, privateKey } = generateKeyPairSync('ed25519')
const publicKey = key.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')
const body = Buffer.from('{"id":"1","type":2}')
const nowMs = 1_800_000_000_000

function resultAt(timestamp: string) {
  const signature = sign(null, Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString('hex')
  const headers = { 'x-signature-ed25519': signature, 'x-signature-timestamp': timestamp }
  return verifyDiscord({ headers, body, receivedAtMs: nowMs }, { publicKey })
}

test('a call that was signed longer ago than ids are kept is stale, whoever repeats it', () => {
  const ago = (ms: number) => resultAt(String((nowMs - ms) / 1000))

  assert.deepEqual(ago(0), { genuine: true })
  assert.deepEqual(ago(maxSignatureAgeMs), { genuine: true })
  assert.deepEqual(ago(maxSignatureAgeMs + 1000), { genuine: false, reason: 'stale' })
  assert.deepEqual(ago(-600_000), { genuine: true })
})

test('a signature that is wrong is a mismatch, however old it says it is', () => {
  const headers = { 'x-signature-ed25519': '0'.repeat(128), 'x-signature-timestamp': '1' }

  assert.deepEqual(verifyDiscord({ headers, body, receivedAtMs: nowMs }, { publicKey }), {
    genuine: false,
    reason: 'mismatch',
  })
})
