import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verify } from '@octokit/webhooks-methods'
import { verifyGitHub } from '../../src/github/verify.ts'

const webhookSecret = "It's a Secret to Everybody"
const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'

function resultOf(headers: Record<string, string | string[]>, body = 'Hello, World!') {
  return verifyGitHub({ headers, body: Buffer.from(body) }, { webhookSecret })
}

test('GitHub’s own vector is genuine, here and for Octokit', async () => {
  assert.deepEqual(resultOf({ 'x-hub-signature-256': signature }), { genuine: true })
  assert.equal(await verify(webhookSecret, 'Hello, World!', signature), true)
})

test('without the header it is missing, the old SHA-1 is not looked at', () => {
  assert.deepEqual(resultOf({ 'x-hub-signature': 'sha1=AAAA' }), { genuine: false, reason: 'missing' })
})

test('another scheme, a doubled or a cut signature is malformed', () => {
  for (const value of [
    signature.replace('256', '1'),
    signature.slice(7),
    signature.slice(0, -2),
    [signature, signature],
  ]) {
    assert.deepEqual(resultOf({ 'x-hub-signature-256': value }), { genuine: false, reason: 'malformed' })
  }
})
