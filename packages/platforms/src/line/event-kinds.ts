import type { UpdateKind } from '@botyard/queue-contracts'
import type { webhook } from '@line/bot-sdk'

/**
 * What LINE's events mean here:
 * https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects.
 */
const table: Record<Exclude<webhook.Event['type'], 'message'>, UpdateKind> = {
  messageEdited: 'edit',
  postback: 'button',
  follow: 'membership',
  unfollow: 'membership',
  join: 'membership',
  leave: 'membership',
  memberJoined: 'membership',
  memberLeft: 'membership',
  delivery: 'status',
  // A paid plan of a user, not who is in a chat.
  membership: 'other',
  unsend: 'other',
  accountLink: 'other',
  activated: 'other',
  beacon: 'other',
  botResumed: 'other',
  botSuspended: 'other',
  deactivated: 'other',
  module: 'other',
  videoPlayComplete: 'other',
}

/** The kinds of events that this build knows, but for messages, whose kind their text tells. */
export const eventKinds: ReadonlyMap<string, UpdateKind> = new Map(Object.entries(table))

/** What users can send. */
const messageTypes: Record<webhook.MessageContent['type'], true> = {
  text: true,
  image: true,
  video: true,
  audio: true,
  file: true,
  location: true,
  sticker: true,
}

/**
 * The name of a message's event: with its type, so that one of a type that nobody knows yet is told apart.
 */
export const nameOfMessage = (type: string): string => `message.${type}`

/** The events that this build knows; of a message with its type. */
export const lineEvents: ReadonlySet<string> = new Set([
  ...Object.keys(messageTypes).map(nameOfMessage),
  ...eventKinds.keys(),
])
