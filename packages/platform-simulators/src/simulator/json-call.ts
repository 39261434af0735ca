import { createHmac } from 'node:crypto'
import type { WebhookRequestParts } from './webhook-call.ts'

/** A call with a JSON body, and headers that may be made of its bytes. */
export function jsonCall(
  payload: unknown,
  headersOf: (body: Buffer) => Readonly<Record<string, string>> = () => ({}),
): WebhookRequestParts {
  const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
  return { headers: { 'content-type': 'application/json', ...headersOf(body) }, body }
}

/** A call with a form as its body. */
export function formCall(
  fields: URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
): WebhookRequestParts {
  const body = Buffer.from(fields.toString())
  return { headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body }
}

/** HMAC-SHA256 of a body or of a text before it. */
export function hmacSha256(key: string | Buffer, ...parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest()
}
