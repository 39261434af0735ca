import { hmacSha256, jsonCall } from '../simulator/json-call.ts'
import type { WebhookRequestParts } from '../simulator/webhook-call.ts'

/**
 * A call as Meta makes it: what is not ASCII, and every slash, escaped before it is signed with the app's
 * secret.
 */
export function metaCall(payload: unknown, appSecret: string): WebhookRequestParts {
  return jsonCall(escaped(JSON.stringify(payload)), body => ({
    'x-hub-signature-256': `sha256=${hmacSha256(appSecret, body).toString('hex')}`,
    'user-agent': 'facebookexternalua',
  }))
}

function escaped(json: string): string {
  return json
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
