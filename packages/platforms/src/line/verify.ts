import { createHmac } from 'node:crypto'
import type { VerifyResult, WebhookRequest } from '../adapter.ts'
import { sameBytes } from '../verify/constant-time.ts'
import type { LineCredentials } from './credentials.ts'

/** Checks `X-Line-Signature`: the base64 of the raw body's HMAC-SHA256, keyed with the channel's secret. */
export function verifyLine(
  { headers, body }: Pick<WebhookRequest, 'headers' | 'body'>,
  { channelSecret }: Pick<LineCredentials, 'channelSecret'>,
): VerifyResult {
  const given = headers['x-line-signature']
  if (given === undefined || given === '') return { genuine: false, reason: 'missing' }
  if (typeof given !== 'string' || !/^[A-Za-z0-9+/]{43}=$/.test(given))
    return { genuine: false, reason: 'malformed' }
  const expected = createHmac('sha256', channelSecret).update(body).digest()
  return sameBytes(Buffer.from(given, 'base64'), expected)
    ? { genuine: true }
    : { genuine: false, reason: 'mismatch' }
}
