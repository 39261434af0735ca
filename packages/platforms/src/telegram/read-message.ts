import type { BotIdentity } from '@botyard/queue-contracts'
import { type Static, Type } from 'typebox'
import {
  type Facts,
  isBot,
  maybeAuthor,
  maybeId,
  maybeRef,
  maybeText,
  msOf,
  type ReadPayload,
  reader,
  routeOf,
  userOf,
} from './facts.ts'
import { kindOfMessage } from './kind-of-message.ts'
import { conversationOfMessage, messagePlace, routeOfMessage } from './message-place.ts'

const Message = Type.Object({
  ...messagePlace,
  from: maybeAuthor,
  sender_chat: maybeRef,
  sender_business_bot: maybeRef,
  date: maybeId,
  edit_date: maybeId,
  text: maybeText,
  caption: maybeText,
  entities: Type.Optional(Type.Unknown()),
  caption_entities: Type.Optional(Type.Unknown()),
  guest_query_id: maybeText,
})
type Message = Static<typeof Message>

/** A new message or post: a command or a message by its text, unless it is the bot's or the account's own. */
export const readMessage: ReadPayload = reader(Message, (message, self) => {
  const facts = factsOf(message)
  const { text, entities, caption_entities, chat } = message
  facts.kind = isOutgoing(message, self)
    ? 'other'
    : kindOfMessage(
        {
          text: facts.text,
          entities: text === undefined ? caption_entities : entities,
          isPrivate: chat.id > 0,
        },
        self,
      )
  return facts
})

/**
 * A new version of a message or post, or one that is only looked at; its kind is that of the update, unless
 * it is own.
 */
export const readOldMessage: ReadPayload = reader(Message, (message, self) => {
  const facts = factsOf(message)
  if (isOutgoing(message, self)) facts.kind = 'other'
  return facts
})

function factsOf(message: Message): Facts {
  // "If the message was sent on behalf of a chat, the field [from] contains a fake sender user."
  const author = message.sender_chat === undefined ? message.from : undefined
  const place = routeOfMessage(message, author)
  const { guest_query_id } = message
  return {
    conversation: conversationOfMessage(message),
    user: userOf(author),
    fromBot: isBot(author),
    text: message.text ?? message.caption,
    sentAtMs: msOf(message.edit_date ?? message.date),
    route: routeOf(guest_query_id === undefined ? place : { ...place, guest_query_id }),
  }
}

/**
 * Whether the bot, or the account that it works for, said it. Of a bot's own messages Telegram brings only
 * what happened by them (a pinned message, a new title); of a business account and of a channel's direct
 * messages it brings both sides.
 */
function isOutgoing(
  { chat, from, sender_chat, sender_business_bot, business_connection_id, direct_messages_topic }: Message,
  self: BotIdentity | undefined,
): boolean {
  if (from !== undefined && self?.user !== undefined && String(from.id) === self.user) return true
  if (business_connection_id !== undefined) {
    return sender_business_bot !== undefined || (from !== undefined && from.id !== chat.id)
  }
  if (direct_messages_topic === undefined) return false
  const asker = direct_messages_topic.user
  return sender_chat !== undefined || (from !== undefined && asker !== undefined && from.id !== asker.id)
}
