import type { UpdateKind } from '@botyard/queue-contracts'

/**
 * Viber's callbacks: https://developers.viber.com/docs/api/rest-bot-api/#callbacks; a message's kind its text
 * tells.
 */
const table: Record<string, UpdateKind> = {
  webhook: 'other',
  subscribed: 'membership',
  unsubscribed: 'membership',
  conversation_started: 'other',
  client_status: 'other',
  delivered: 'status',
  seen: 'status',
  failed: 'status',
}

/** The kinds of callbacks that this build knows, but for messages. */
export const eventKinds: ReadonlyMap<string, UpdateKind> = new Map(Object.entries(table))

/** What users can send: https://developers.viber.com/docs/api/rest-bot-api/#receive-message-from-user. */
const messageTypes = ['text', 'picture', 'video', 'file', 'sticker', 'contact', 'url', 'location']

/**
 * The name of a message's event: with its type, so that one of a type that nobody knows yet is told apart.
 */
export const nameOfMessage = (type: string): string => `message.${type}`

/** The events that this build knows; of a message with its type. */
export const viberEvents: ReadonlySet<string> = new Set([
  ...messageTypes.map(nameOfMessage),
  ...eventKinds.keys(),
])
