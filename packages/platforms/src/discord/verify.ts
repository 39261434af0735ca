import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { VerifyResult, WebhookRequest } from '../adapter.ts'
import type { DiscordCredentials } from './credentials.ts'

/** What stands before the 32 bytes of an Ed25519 key in its SPKI form (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

/** Webhook events are sent again for 10 minutes, interactions not at all; clocks may be off. */
export const maxSignatureAgeMs = 24 * 60 * 60 * 1000

/** Keys in the form that OpenSSL wants, which takes as long to make as a check. */
const keys = new Map<string, KeyObject>()
const maxKeys = 1_000

/**
 * Checks Ed25519 over the time stamp and the raw body
 * (https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint-validating-security-request-headers).
 * Discord names no window for the time stamp. It may be as old as ids are kept, which tell a call that
 * somebody repeats.
 */
export function verifyDiscord(
  { headers, body, receivedAtMs }: Pick<WebhookRequest, 'headers' | 'body' | 'receivedAtMs'>,
  { publicKey }: Pick<DiscordCredentials, 'publicKey'>,
): VerifyResult {
  const signature = headers['x-signature-ed25519']
  const timestamp = headers['x-signature-timestamp']
  if (!signature || !timestamp) return { genuine: false, reason: 'missing' }
  if (typeof signature !== 'string' || typeof timestamp !== 'string' || !/^[0-9a-f]{128}$/i.test(signature)) {
    return { genuine: false, reason: 'malformed' }
  }
  const signed = Buffer.concat([Buffer.from(timestamp), body])
  const genuine = verify(null, signed, keyOf(publicKey), Buffer.from(signature, 'hex'))
  if (!genuine) return { genuine, reason: 'mismatch' }
  return receivedAtMs - Number(timestamp) * 1000 > maxSignatureAgeMs
    ? { genuine: false, reason: 'stale' }
    : { genuine }
}

function keyOf(publicKey: string): KeyObject {
  const known = keys.get(publicKey)
  if (known) return known
  const der = Buffer.concat([spkiPrefix, Buffer.from(publicKey, 'hex')])
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  if (keys.size >= maxKeys) keys.clear()
  keys.set(publicKey, key)
  return key
}
