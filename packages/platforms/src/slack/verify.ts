import { createHmac } from 'node:crypto'
import type { VerifyResult, WebhookRequest } from '../adapter.ts'
import { sameBytes } from '../verify/constant-time.ts'
import type { SlackCredentials } from './credentials.ts'

/**
 * "If the timestamp is more than five minutes from local time, it could be a replay attack": in both
 * directions.
 */
const toleranceMs = 5 * 60 * 1000

/**
 * Checks HMAC-SHA256 over `v0:<time>:<raw body>`
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack).
 */
export function verifySlack(
  { headers, body, receivedAtMs }: Pick<WebhookRequest, 'headers' | 'body' | 'receivedAtMs'>,
  { signingSecret }: Pick<SlackCredentials, 'signingSecret'>,
): VerifyResult {
  const signature = headers['x-slack-signature']
  const timestamp = headers['x-slack-request-timestamp']
  if (!signature || !timestamp) return { genuine: false, reason: 'missing' }
  if (typeof signature !== 'string' || typeof timestamp !== 'string')
    return { genuine: false, reason: 'malformed' }
  if (!/^v0=[0-9a-f]{64}$/i.test(signature) || !/^\d{1,12}$/.test(timestamp)) {
    return { genuine: false, reason: 'malformed' }
  }
  if (Math.abs(receivedAtMs - Number(timestamp) * 1000) > toleranceMs)
    return { genuine: false, reason: 'stale' }

  const expected = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest()
  const genuine = sameBytes(Buffer.from(signature.slice('v0='.length), 'hex'), expected)
  return genuine ? { genuine } : { genuine, reason: 'mismatch' }
}
