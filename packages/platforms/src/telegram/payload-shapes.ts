import { type Static, type TSchema, Type } from 'typebox'
import { compileShape } from '../compile-shape.ts'

/** What one update's payload says, whatever its kind. */
export interface Facts {
  conversation: string
  user?: string | undefined
  text?: string | undefined
  sentAtMs?: number | undefined
}

/** Checks the fields of a payload that are read, and reads them; `at` is the payload's JSON pointer. */
export type ReadPayload = (payload: unknown, at: string) => Facts

// Ids have at most 52 significant bits (Bot API, User.id), so doubles hold them; what does not fit is no id.
const Id = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })
const Ref = Type.Object({ id: Id })
const maybeRef = Type.Optional(Ref)
const maybeTime = Type.Optional(Id)
const maybeText = Type.Optional(Type.String())

/** The update around the payload. */
export const checkUpdate = compileShape(Type.Object({ update_id: Id }))

/** A message, a post, or a new version of either. */
export const readMessage = reader(
  Type.Object({
    chat: Ref,
    from: maybeRef,
    date: maybeTime,
    edit_date: maybeTime,
    text: maybeText,
    caption: maybeText,
  }),
  ({ chat, from, date, edit_date, text, caption }) => ({
    conversation: String(chat.id),
    user: idOf(from),
    text: text ?? caption,
    sentAtMs: msOf(edit_date ?? date),
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
  Type.Object({ from: Ref, message: Type.Optional(Type.Object({ chat: Ref })), data: maybeText }),
  ({ from, message, data }) => ({
    conversation: message ? String(message.chat.id) : userConversation(from),
    user: idOf(from),
    text: data,
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
