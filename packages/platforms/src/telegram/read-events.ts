import { Type } from 'typebox'
import { userConversation } from './conversation.ts'
import {
  Author,
  isBot,
  maybeAuthor,
  maybeId,
  maybeRef,
  maybeText,
  msOf,
  type ReadPayload,
  Ref,
  reader,
  routeOf,
  userOf,
} from './facts.ts'
import { conversationOfMessage, messagePlace, routeOfMessage } from './message-place.ts'

/**
 * Something that happened in a chat: reactions name a `user`, or nobody; memberships name who acted in
 * `from`. A request to join has the id of a query if the bot is the one who decides.
 */
export const readChatEvent = reader(
  Type.Object({ ...messagePlace, from: maybeAuthor, user: maybeAuthor, date: maybeId, query_id: maybeText }),
  ({ from, user, date, query_id, ...place }) => ({
    conversation: conversationOfMessage(place),
    user: userOf(from ?? user),
    fromBot: isBot(from ?? user),
    sentAtMs: msOf(date),
    route: routeOf({ ...routeOfMessage(place, undefined), chat_join_request_query_id: query_id }),
  }),
)

/** A user asked the bot to write no further: in a private chat, whose id is the user's. */
export const readStop = reader(
  Type.Object({ chat: Ref, message_thread_id: maybeId }),
  ({ chat, message_thread_id }) => ({
    conversation: String(chat.id),
    user: chat.id > 0 ? String(chat.id) : undefined,
    route: routeOf({ message_thread_id: message_thread_id?.toString() }),
  }),
)

/**
 * A pressed button; under an inline message no chat is known. The message's date is not that of the press.
 */
export const readCallback = reader(
  Type.Object({
    id: maybeText,
    from: Author,
    message: Type.Optional(Type.Object({ ...messagePlace, message_id: maybeId })),
    inline_message_id: maybeText,
    data: maybeText,
  }),
  ({ id, from, message, inline_message_id, data }) => ({
    conversation: message ? conversationOfMessage(message) : userConversation(from),
    user: userOf(from),
    text: data,
    route: routeOf({
      ...(message && routeOfMessage(message, from)),
      // What only one user sees has no id but its own kind's.
      message: message?.message_id === 0 ? undefined : message?.message_id?.toString(),
      inline_message_id,
      callback_query_id: id,
    }),
  }),
)

/**
 * A query or a purchase: there is a user, and no chat. `idName` is the Bot API's name of the id when the
 * query is answered.
 */
export function readQuery(idName?: string): ReadPayload {
  return reader(
    Type.Object({ id: maybeText, from: Author, query: maybeText, inline_message_id: maybeText }),
    ({ id, from, query, inline_message_id }) => ({
      conversation: userConversation(from),
      user: userOf(from),
      text: query,
      route: routeOf({ inline_message_id, ...(idName !== undefined && { [idName]: id }) }),
    }),
  )
}

/** Something about a user, outside of any chat. */
export const readUserEvent = reader(Type.Object({ user: Author }), ({ user }) => ({
  conversation: userConversation(user),
  user: userOf(user),
  fromBot: isBot(user),
}))

/** A vote in a poll; anonymous administrators vote as a chat. */
export const readPollAnswer = reader(
  Type.Object({ poll_id: Type.String(), user: maybeAuthor, voter_chat: maybeRef }),
  ({ poll_id, user, voter_chat }) => ({
    conversation: user ? userConversation(user) : voter_chat ? String(voter_chat.id) : `poll:${poll_id}`,
    user: userOf(user),
  }),
)

/** The state of a poll: neither chat nor user. */
export const readPoll = reader(Type.Object({ id: Type.String() }), ({ id }) => ({
  conversation: `poll:${id}`,
}))
