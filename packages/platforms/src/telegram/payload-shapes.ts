import { type Static, type TObject, type TSchema, Type } from 'typebox'
import { compileShape } from '../compile-shape.ts'

/** What one update's payload says, whatever its kind. */
export interface Facts {
  conversation: string
  user?: string | undefined
  text?: string | undefined
  sentAtMs?: number | undefined
  /** What an answer needs to go to the same place: topic, business account, message of the button. */
  route?: Record<string, string> | undefined
}

/** Checks the fields of a payload that are read, and reads them; `at` is the payload's JSON pointer. */
export type ReadPayload = (payload: unknown, at: string) => Facts

// Ids have at most 52 significant bits (Bot API, User.id), so doubles hold them; what does not fit is no id.
const Id = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })
const Ref = Type.Object({ id: Id })
const maybeRef = Type.Optional(Ref)
const maybeTime = Type.Optional(Id)
const maybeText = Type.Optional(Type.String())
/** Where in its chat a message stands. */
const place = {
  is_topic_message: Type.Optional(Type.Boolean()),
  message_thread_id: Type.Optional(Id),
  business_connection_id: maybeText,
}

/** The update around the payload. */
export const checkUpdate = compileShape(Type.Object({ update_id: Id }))

/** A message, a post, or a new version of either. */
export const readMessage = reader(
  Type.Object({
    ...place,
    chat: Ref,
    from: maybeRef,
    date: maybeTime,
    edit_date: maybeTime,
    text: maybeText,
    caption: maybeText,
  }),
  ({ chat, from, date, edit_date, text, caption, ...at }) => ({
    conversation: String(chat.id),
    user: idOf(from),
    text: text ?? caption,
    sentAtMs: msOf(edit_date ?? date),
    route: routeOf(placeOf(at)),
  }),
)

/** Something that happened in a chat: reactions name a `user`, or nobody; memberships name who acted in `from`. */
export const readChatEvent = reader(
  Type.Object({ chat: Ref, from: maybeRef, user: maybeRef, date: maybeTime }),
  ({ chat, from, user, date }) => ({
    conversation: String(chat.id),
    user: idOf(from ?? user),
    sentAtMs: msOf(date),
  }),
)

/** A pressed button; under an inline message no chat is known. The message's date is not that of the press. */
export const readCallback = reader(
  Type.Object({
    from: Ref,
    message: Type.Optional(Type.Object({ ...place, chat: Ref, message_id: Type.Optional(Id) })),
    inline_message_id: maybeText,
    data: maybeText,
  }),
  ({ from, message, inline_message_id, data }) => ({
    conversation: message ? String(message.chat.id) : userConversation(from),
    user: idOf(from),
    text: data,
    route: routeOf({
      ...(message && placeOf(message)),
      message: message?.message_id?.toString(),
      inline_message_id,
    }),
  }),
)

/** A query or a purchase: there is a user, and no chat. */
export const readQuery = reader(Type.Object({ from: Ref, query: maybeText }), ({ from, query }) => ({
  conversation: userConversation(from),
  user: idOf(from),
  text: query,
}))

/** Something about a user, outside of any chat. */
export const readUserEvent = reader(Type.Object({ user: Ref }), ({ user }) => ({
  conversation: userConversation(user),
  user: idOf(user),
}))

/** A vote in a poll; anonymous administrators vote as a chat. */
export const readPollAnswer = reader(
  Type.Object({ poll_id: Type.String(), user: maybeRef, voter_chat: maybeRef }),
  ({ poll_id, user, voter_chat }) => ({
    conversation: user ? userConversation(user) : voter_chat ? String(voter_chat.id) : `poll:${poll_id}`,
    user: idOf(user),
  }),
)

/** The state of a poll: neither chat nor user. */
export const readPoll = reader(Type.Object({ id: Type.String() }), ({ id }) => ({ conversation: `poll:${id}` }))

function reader<T extends TSchema>(schema: T, read: (payload: Static<T>) => Facts): ReadPayload {
  const check = compileShape(schema)
  return (payload, at) => read(check(payload, at))
}

/** Only topics take messages by their thread; the threads of replies in other groups have ids too, and take none. */
function placeOf(at: Static<TObject<typeof place>>): Record<string, string | undefined> {
  return {
    message_thread_id: at.is_topic_message ? at.message_thread_id?.toString() : undefined,
    business_connection_id: at.business_connection_id,
  }
}

function routeOf(parts: Record<string, string | undefined>): Record<string, string> | undefined {
  const known = Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined)
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

/** A conversation where there is no chat: the prefix cannot be taken for a chat id, which is digits and perhaps a minus. */
function userConversation(user: { id: number }): string {
  return `user:${user.id}`
}

function idOf(ref: { id: number } | undefined): string | undefined {
  return ref && String(ref.id)
}

function msOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000
}
