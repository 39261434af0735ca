import { createHmac } from 'node:crypto'

/** A message as Standard Webhooks signs it; the timestamp is in Unix seconds, as written in its header. */
export interface SignedParts {
  readonly id: string
  readonly timestamp: string
  readonly body: string | Uint8Array
}

/**
 * The 32 bytes of a `v1` signature: HMAC-SHA256 over `id.timestamp.body`, keyed with the bytes behind `whsec_`
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
export function standardSignature(secret: string, { id, timestamp, body }: SignedParts): Buffer {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  // Header values arrive as one character a byte; `latin1` restores the bytes that were signed.
  return createHmac('sha256', key).update(`${id}.${timestamp}.`, 'latin1').update(body).digest()
}
