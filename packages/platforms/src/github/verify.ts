import { createHmac } from 'node:crypto'
import type { VerifyResult, WebhookRequest } from '../adapter.ts'
import { sameBytes } from '../verify/constant-time.ts'
import type { GitHubCredentials } from './credentials.ts'

/**
 * Checks the HMAC-SHA256 over the raw body, a form's as it stands; the older SHA-1 header is never looked at.
 */
export function verifyGitHub(
  { headers, body }: Pick<WebhookRequest, 'headers' | 'body'>,
  { webhookSecret }: Pick<GitHubCredentials, 'webhookSecret'>,
): VerifyResult {
  const given = headers['x-hub-signature-256']
  if (given === undefined || given === '') return { genuine: false, reason: 'missing' }
  const hex = typeof given === 'string' ? /^sha256=([0-9a-f]{64})$/i.exec(given)?.[1] : undefined
  if (hex === undefined) return { genuine: false, reason: 'malformed' }
  const expected = createHmac('sha256', webhookSecret).update(body).digest()
  return sameBytes(Buffer.from(hex, 'hex'), expected)
    ? { genuine: true }
    : { genuine: false, reason: 'mismatch' }
}
