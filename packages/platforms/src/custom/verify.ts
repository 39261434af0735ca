import { timingSafeEqual } from 'node:crypto'
import type { VerifyResult, WebhookRequest } from '../adapter.ts'
import type { CustomCredentials } from './credentials.ts'
import { standardSignature } from './signature.ts'

/** How far a timestamp may be from our clock, in both directions: what the reference libraries use. */
const toleranceMs = 5 * 60 * 1000

/** A sender that rotates its secret sends one signature for each: a handful. */
const maxSignatures = 16

/**
 * Checks a Standard Webhooks call over its raw bytes: any one `v1` signature of the list suffices (senders
 * rotate secrets), other schemes are never looked at.
 */
export function verifyCustom(
  { headers, body, receivedAtMs }: Pick<WebhookRequest, 'headers' | 'body' | 'receivedAtMs'>,
  { secret }: Pick<CustomCredentials, 'secret'>,
): VerifyResult {
  const id = headers['webhook-id']
  const timestamp = headers['webhook-timestamp']
  const signatures = headers['webhook-signature']
  if (!id || !timestamp || !signatures) return { genuine: false, reason: 'missing' }
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') {
    return { genuine: false, reason: 'malformed' }
  }
  if (!/^\d{1,12}$/.test(timestamp)) return { genuine: false, reason: 'malformed' }
  if (Math.abs(receivedAtMs - Number(timestamp) * 1000) > toleranceMs)
    return { genuine: false, reason: 'stale' }

  const expected = standardSignature(secret, { id, timestamp, body })
  const genuine = signatures.split(' ', maxSignatures).some(signature => {
    if (!signature.startsWith('v1,')) return false
    const given = Buffer.from(signature.slice('v1,'.length), 'base64')
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  return genuine ? { genuine } : { genuine, reason: 'mismatch' }
}
