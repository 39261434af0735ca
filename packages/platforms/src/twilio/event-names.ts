import type { UpdateKind } from '@botyard/queue-contracts'

/**
 * What the webhooks of Conversations mean here:
 * https://www.twilio.com/docs/conversations/conversations-webhooks. Those before an action are told from
 * those after it, which bring the same once more.
 */
const conversations: Record<string, UpdateKind> = {
  onMessageAdd: 'other',
  onMessageUpdate: 'other',
  onMessageRemove: 'other',
  onConversationAdd: 'other',
  onConversationUpdate: 'other',
  onConversationRemove: 'other',
  onParticipantAdd: 'other',
  onParticipantUpdate: 'other',
  onParticipantRemove: 'other',
  onUserUpdate: 'other',
  onMessageAdded: 'message',
  onMessageUpdated: 'edit',
  onMessageRemoved: 'other',
  onConversationAdded: 'other',
  onConversationUpdated: 'other',
  onConversationRemoved: 'other',
  onConversationStateUpdated: 'other',
  onParticipantAdded: 'membership',
  onParticipantUpdated: 'other',
  onParticipantRemoved: 'membership',
  onDeliveryUpdated: 'status',
  onUserAdded: 'other',
  onUserUpdated: 'other',
}

/** Kinds of the webhooks of Conversations. */
export const conversationKinds: ReadonlyMap<string, UpdateKind> = new Map(Object.entries(conversations))

/** What Event Streams bring of messages: https://www.twilio.com/docs/events/event-types. */
const streamed: Record<string, UpdateKind> = {
  'com.twilio.messaging.inbound-message.received': 'message',
  'com.twilio.messaging.message.queued': 'status',
  'com.twilio.messaging.message.sent': 'status',
  'com.twilio.messaging.message.failed': 'status',
  'com.twilio.messaging.message.delivered': 'status',
  'com.twilio.messaging.message.undelivered': 'status',
  'com.twilio.messaging.message.read': 'status',
  // Who wrote it, the bot or a person, is not told.
  'com.twilio.conversations.message.added': 'other',
  'com.twilio.conversations.message.updated': 'other',
  'com.twilio.conversations.message.removed': 'other',
  'com.twilio.conversations.participant.added': 'membership',
  'com.twilio.conversations.participant.updated': 'other',
  'com.twilio.conversations.participant.removed': 'membership',
  'com.twilio.conversations.conversation.added': 'other',
  'com.twilio.conversations.conversation.updated': 'other',
  'com.twilio.conversations.conversation.removed': 'other',
  'com.twilio.conversations.user.added': 'other',
  'com.twilio.conversations.user.updated': 'other',
}

/** Kinds of the events of Event Streams. */
export const streamedKinds: ReadonlyMap<string, UpdateKind> = new Map(Object.entries(streamed))

/** The events that this build knows; forms without a type of their own are named by what they bring. */
export const twilioEvents: ReadonlySet<string> = new Set([
  'message',
  'status',
  'call',
  'debugger',
  ...conversationKinds.keys(),
  ...streamedKinds.keys(),
])
