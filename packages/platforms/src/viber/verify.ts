import { createHmac } from 'node:crypto'
import type { VerifyResult, WebhookRequest } from '../adapter.ts'
import { sameBytes } from '../verify/constant-time.ts'
import type { ViberCredentials } from './credentials.ts'

/** Checks `X-Viber-Content-Signature`: the hex of the raw body's HMAC-SHA256, keyed with the bot's token. */
export function verifyViber(
  { headers, body }: Pick<WebhookRequest, 'headers' | 'body'>,
  { authToken }: Pick<ViberCredentials, 'authToken'>,
): VerifyResult {
  const given = headers['x-viber-content-signature']
  if (given === undefined || given === '') return { genuine: false, reason: 'missing' }
  if (typeof given !== 'string' || !/^[0-9a-f]{64}$/i.test(given))
    return { genuine: false, reason: 'malformed' }
  const expected = createHmac('sha256', authToken).update(body).digest()
  return sameBytes(Buffer.from(given, 'hex'), expected)
    ? { genuine: true }
    : { genuine: false, reason: 'mismatch' }
}
