import { graphError } from '../meta/graph-api.ts'
import { type ApiReply, textIn, throttled } from '../simulator/api-server.ts'
import { lettered } from '../simulator/ids.ts'
import { createSlidingWindows } from '../simulator/sliding-windows.ts'

/** The phone numbers of a business, and what Meta lets them say. */
export interface PhoneNumbers {
  /** A user's message counts against the throughput too. */
  received(number: string, atMs: number): void
  send(number: string, body: Record<string, unknown>, atMs: number): ApiReply
}

/**
 * Counts 80 messages a second of each number, in and out together, and of each pair one message in 6 s with
 * 45 borrowed from the future ("Pair rate limits"): within any 6 s × 45 there are no more than 45.
 */
export function createNumbers(): PhoneNumbers {
  const throughput = createSlidingWindows({ count: 80, ms: 1_000 })
  const pairs = createSlidingWindows({ count: 45, ms: 45 * 6_000 })
  let sent = 0
  return {
    received: (number, atMs) => void throughput.take(number, atMs),
    send(number, body, atMs) {
      const to = textIn(body, 'to') ?? textIn(body, 'recipient')
      const text = textIn(body, 'text', 'body')
      if (body.messaging_product !== 'whatsapp')
        return graphError(400, 100, 'Invalid parameter: messaging_product')
      if (to === undefined) return graphError(400, 100, 'The parameter to is required.')
      if (text === undefined || text === '' || text.length > 4096)
        return graphError(400, 100, 'Invalid parameter: text')
      if ('waitMs' in throughput.take(number, atMs))
        return throttled(graphError(429, 130_429, 'Rate limit hit'))
      if ('waitMs' in pairs.take(`${number}/${to}`, atMs)) {
        return throttled(graphError(400, 131_056, '(Business Account, Consumer Account) pair rate limit hit'))
      }
      const id = `wamid.${lettered('HBgL', ++sent, 40)}`
      const contact = /^\d+$/.test(to) ? { input: to, wa_id: to } : { input: to, user_id: to }
      const answer = { messaging_product: 'whatsapp', contacts: [contact], messages: [{ id }] }
      return { status: 200, body: answer, shown: { place: `${number}/${to}`, text } }
    },
  }
}
