import { createHmac } from 'node:crypto'
import type { VerifyResult, WebhookRequest } from '../adapter.ts'
import { sameBytes } from '../verify/constant-time.ts'

/**
 * Checks `X-Hub-Signature-256`: `sha256=` and the hex HMAC-SHA256 of the raw body, keyed with the app's
 * secret. Meta escapes what is not ASCII before it signs, so only the bytes that came will do; the old
 * `X-Hub-Signature` (SHA-1) is not looked at.
 */
export function verifyMeta(
  { headers, body }: Pick<WebhookRequest, 'headers' | 'body'>,
  { appSecret }: { readonly appSecret: string },
): VerifyResult {
  const given = headers['x-hub-signature-256']
  if (given === undefined || given === '') return { genuine: false, reason: 'missing' }
  if (typeof given !== 'string') return { genuine: false, reason: 'malformed' }
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(given)?.[1]
  if (hex === undefined) return { genuine: false, reason: 'malformed' }
  const expected = createHmac('sha256', appSecret).update(body).digest()
  return sameBytes(Buffer.from(hex, 'hex'), expected)
    ? { genuine: true }
    : { genuine: false, reason: 'mismatch' }
}
