import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import { verifyTwilio } from '../../src/twilio/verify.ts'
import { webhookRequest } from '../http/webhook-request.ts'

const authToken = '12345'
const form = 'application/x-www-form-urlencoded'

function resultOf(url: string, body: string, signature: string, contentType = form) {
  const request = {
    ...webhookRequest(body, { 'content-type': contentType, 'x-twilio-signature': signature }),
    url,
  }
  return verifyTwilio(request, { authToken, accountSid: `AC${'0'.repeat(32)}` })
}

test('the official vector is genuine', () => {
  const body =
    'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212'

  const result = resultOf('https://mycompany.com/myapp.php?foo=1&bar=2', body, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=')

  assert.deepEqual(result, { genuine: true })
})

test('the port and the escapes of the url may be as Twilio wrote them, as its SDK allows', () => {
  const url = "https://bots.example/hooks?name=O'Brien&b=x%20y"
  const spellings = [
    url,
    "https://bots.example:443/hooks?name=O'Brien&b=x%20y",
    'https://bots.example/hooks?name=O%27Brien&b=x%20y',
    "https://bots.example:443/hooks?name=O'Brien&b=x%20y",
  ]
  for (const signed of spellings) {
    const signature = getExpectedTwilioSignature(authToken, signed, { Body: 'hi' })

    assert.equal(validateRequest(authToken, signature, url, { Body: 'hi' }), true, signed)
    assert.deepEqual(resultOf(url, 'Body=hi', signature), { genuine: true }, signed)
  }
  const elsewhere = getExpectedTwilioSignature(authToken, url.replace('bots', 'other'), { Body: 'hi' })
  assert.deepEqual(resultOf(url, 'Body=hi', elsewhere), { genuine: false, reason: 'mismatch' })
})

test('whatever the fields and the query, the result is that of Twilio’s SDK', () => {
  const name = fc
    .string({ minLength: 1, unit: 'grapheme' })
    .filter(text => text.isWellFormed() && text !== '__proto__')
  const fields = fc.dictionary(name, fc.array(name, { minLength: 1, maxLength: 3 }), { maxKeys: 6 })
  const urls = fc.webUrl({ withQueryParameters: true, validSchemes: ['https'] })
  fc.assert(
    fc.property(fields, urls, fc.boolean(), (sent, url, changed) => {
      const body = new URLSearchParams()
      for (const [key, all] of Object.entries(sent)) for (const value of all) body.append(key, value)
      const signature = getExpectedTwilioSignature(authToken, changed ? `${url}x` : url, sent)

      const { genuine } = resultOf(url, body.toString(), signature)

      assert.equal(genuine, validateRequest(authToken, signature, url, sent))
    }),
  )
})

test('of a JSON body the url signs a hash: without it, or with another body, it is refused', () => {
  const body = '{"id":"1"}'
  const url = `https://bots.example/hooks?bodySHA256=${createHash('sha256').update(body).digest('hex')}`
  const signature = getExpectedTwilioSignature(authToken, url, {})
  const bare = getExpectedTwilioSignature(authToken, 'https://bots.example/hooks', {})

  assert.deepEqual(resultOf(url, body, signature, 'application/json'), { genuine: true })
  assert.deepEqual(resultOf(url, '{"id":"2"}', signature, 'application/json'), {
    genuine: false,
    reason: 'mismatch',
  })
  assert.deepEqual(resultOf('https://bots.example/hooks', body, bare, 'application/json'), {
    genuine: false,
    reason: 'malformed',
  })
})

test('a missing signature is missing, one that is no SHA-1 or doubled is malformed', () => {
  assert.deepEqual(resultOf('https://a.example/', 'a=b', ''), { genuine: false, reason: 'missing' })
  assert.deepEqual(resultOf('https://a.example/', 'a=b', 'AAAA'), { genuine: false, reason: 'malformed' })
})
