import type { WebhookRequest } from '../../src/index.ts'

/** A request as the gateway hands it over. */
export function webhookRequest(
  body: string | Buffer,
  headers: WebhookRequest['headers'] = {},
): WebhookRequest {
  return {
    method: 'POST',
    url: 'https://bots.example/hooks/any/bot',
    headers,
    body: Buffer.from(body),
    receivedAtMs: Date.now(),
  }
}
