import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { verifySignature } from '@kapso/whatsapp-cloud-api/server'
import { sign } from '@octokit/webhooks-methods'
import { answerChallenge } from '../../src/meta/challenge.ts'
import { verifyMeta } from '../../src/meta/signature.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { appSecret, challengeRequest, signedByMeta, verifyToken } from './signed-by-meta.ts'

test('a library for WhatsApp takes what the oracle signed, non-ASCII escaped as Meta does, and so do we', async () => {
  const body = readFileSync(
    new URL('../whatsapp/fixtures/synthetic-escaped-unicode-raw.json', import.meta.url),
  )
  const request = await signedByMeta(body)
  const signatureHeader = String(request.headers['x-hub-signature-256'])

  assert.equal(verifySignature({ appSecret, rawBody: body, signatureHeader }), true)
  assert.deepEqual(verifyMeta(request, { appSecret }), { genuine: true })

  const rewritten = Buffer.from(JSON.stringify(JSON.parse(body.toString())))
  assert.notDeepEqual(rewritten, body)
  assert.deepEqual(verifyMeta({ ...request, body: rewritten }, { appSecret }), {
    genuine: false,
    reason: 'mismatch',
  })
})

test('a signature that is missing, of SHA-1, without its prefix, too short or given twice is not genuine', async () => {
  const body = '{"entry":[]}'
  const good = await sign(appSecret, body)
  const sha1 = `sha1=${createHmac('sha1', appSecret).update(body).digest('hex')}`
  const cases: [Record<string, string | string[]>, string][] = [
    [{}, 'missing'],
    [{ 'x-hub-signature': sha1 }, 'missing'],
    [{ 'x-hub-signature-256': '' }, 'missing'],
    [{ 'x-hub-signature-256': sha1 }, 'malformed'],
    [{ 'x-hub-signature-256': good.slice('sha256='.length) }, 'malformed'],
    [{ 'x-hub-signature-256': good.slice(0, -2) }, 'malformed'],
    [{ 'x-hub-signature-256': [good, good] }, 'malformed'],
  ]
  for (const [headers, reason] of cases) {
    assert.deepEqual(verifyMeta(webhookRequest(body, headers), { appSecret }), { genuine: false, reason })
  }
})

test('the challenge is given back as plain text to who knows the token, and to nobody else', () => {
  const { request, body } = challengeRequest(verifyToken)

  assert.deepEqual(answerChallenge(request, { verifyToken }), {
    status: 200,
    contentType: 'text/plain',
    body,
  })
  assert.equal(answerChallenge(request, { verifyToken: 'another' }), undefined)
  for (const query of [
    '',
    '?hub.mode=subscribe&hub.challenge=1',
    `?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=${verifyToken}`,
    `?hub.mode=subscribe&hub.verify_token=${verifyToken}`,
    `?hub.mode=subscribe&hub.challenge=%00&hub.verify_token=${verifyToken}`,
  ]) {
    assert.equal(
      answerChallenge({ url: `https://bots.example/x${query}` }, { verifyToken }),
      undefined,
      query,
    )
  }
  assert.equal(answerChallenge({ url: 'no url' }, { verifyToken }), undefined)
})
