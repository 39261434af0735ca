import type { CallAnswer, NormalisedUpdate } from '../adapter.ts'

/**
 * TwiML that says nothing: replies go by the API, in order and under its limits. Conversations take JSON, of
 * which none means that the action they ask about may go on as it is; Event Streams take anything.
 */
export function answerTwilio(updates: readonly Pick<NormalisedUpdate, 'event'>[]): CallAnswer {
  const isJson = updates.some(({ event = '' }) => /^(?:on[A-Z]|com\.twilio\.)/.test(event))
  if (isJson) return { now: { status: 200, contentType: 'application/json', body: '{}' } }
  return { now: { status: 200, contentType: 'text/xml', body: '<Response/>' } }
}
