import type { UpdateKind } from '@botyard/queue-contracts'
import type { ReadPayload } from './facts.ts'
import {
  readCallback,
  readChatEvent,
  readPoll,
  readPollAnswer,
  readQuery,
  readStop,
  readUserEvent,
} from './read-events.ts'
import { readMessage, readOldMessage } from './read-message.ts'

/** What a kind of the Bot API means here, unless its payload says otherwise, and how that is read. */
export interface KnownKind {
  kind: UpdateKind
  read: ReadPayload
}

const table: Record<string, KnownKind> = {
  message: { kind: 'message', read: readMessage },
  channel_post: { kind: 'message', read: readMessage },
  business_message: { kind: 'message', read: readMessage },
  // Answered by a method of its own, in a chat the bot is no member of: no message handler should reply to
  // it.
  guest_message: { kind: 'other', read: readOldMessage },
  edited_message: { kind: 'edit', read: readOldMessage },
  edited_channel_post: { kind: 'edit', read: readOldMessage },
  edited_business_message: { kind: 'edit', read: readOldMessage },
  callback_query: { kind: 'button', read: readCallback },
  message_reaction: { kind: 'reaction', read: readChatEvent },
  message_reaction_count: { kind: 'reaction', read: readChatEvent },
  my_chat_member: { kind: 'membership', read: readChatEvent },
  chat_member: { kind: 'membership', read: readChatEvent },
  chat_join_request: { kind: 'membership', read: readChatEvent },
  chat_boost: { kind: 'other', read: readChatEvent },
  removed_chat_boost: { kind: 'other', read: readChatEvent },
  deleted_business_messages: { kind: 'other', read: readChatEvent },
  stopped_message_generation: { kind: 'stop', read: readStop },
  inline_query: { kind: 'other', read: readQuery('inline_query_id') },
  chosen_inline_result: { kind: 'other', read: readQuery() },
  shipping_query: { kind: 'other', read: readQuery('shipping_query_id') },
  pre_checkout_query: { kind: 'other', read: readQuery('pre_checkout_query_id') },
  purchased_paid_media: { kind: 'other', read: readQuery() },
  business_connection: { kind: 'other', read: readUserEvent },
  managed_bot: { kind: 'other', read: readUserEvent },
  subscription: { kind: 'other', read: readUserEvent },
  poll_answer: { kind: 'other', read: readPollAnswer },
  poll: { kind: 'other', read: readPoll },
}

/** The kinds of the Bot API's `Update` that this build knows, by the field that holds their payload. */
export const updateKinds: ReadonlyMap<string, KnownKind> = new Map(Object.entries(table))
