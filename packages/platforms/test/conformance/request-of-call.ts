import type { WebhookRequest } from '../../src/index.ts'
import type { Call } from './platform-questions.ts'
import type { Subject } from './subject.ts'

/** A genuine request with the body of a call; the call's own headers go before the signer's. */
export async function requestOfCall({ case: of }: Subject, call: Call): Promise<WebhookRequest> {
  const contentType = call.contentType ?? 'application/json'
  const body = Buffer.from(contentType === 'application/json' ? JSON.stringify(call.body) : formOf(call.body))
  const request = await of.request(of.genuine?.(body) ?? body, { contentType })
  return { ...request, headers: { ...request.headers, ...call.headers } }
}

/** Fields that are no text, such as Slack's `payload`, are the JSON of what they are. */
function formOf(fields: object): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return form.toString()
}
