import { valueAt } from '../json/value-at.ts'

/**
 * What Discord sends to a url: interactions, webhook events, and a PING of each, which want different
 * answers.
 */
export type BodyKind = 'interaction' | 'interaction ping' | 'event' | 'event ping'

/**
 * Tells what a body is, or undefined. Both kinds number their types: an interaction's PING is 1, as is every
 * webhook event, which alone has an `event`; a PING of the events is 0
 * (https://discord.com/developers/docs/events/webhook-events#webhook-event-payloads).
 */
export function kindOfBody(body: unknown): BodyKind | undefined {
  const type = valueAt(body, 'type')
  if (typeof type !== 'number') return undefined
  if (type === 0) return 'event ping'
  const event = valueAt(body, 'event')
  if (typeof event === 'object' && event !== null) return 'event'
  return type === 1 ? 'interaction ping' : 'interaction'
}
