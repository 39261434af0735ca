import type { BotIdentity, UpdateKind } from '@botyard/queue-contracts'
import { type Static, type TSchema, Type } from 'typebox'
import { compileShape } from '../json/compile-shape.ts'

/** What one update's payload says, whatever its kind. */
export interface Facts {
  /** The field of the update that held the payload. */
  event?: string | undefined
  conversation: string
  user?: string | undefined
  /** A bot did it, and no person. */
  fromBot?: boolean | undefined
  text?: string | undefined
  sentAtMs?: number | undefined
  /**
   * What an answer needs to go to the same place: topic, business account, message of the button, id of the
   * query.
   */
  route?: Record<string, string> | undefined
  /** What the update is, where its payload decides and not its name alone. */
  kind?: UpdateKind | undefined
}

/** Checks the fields of a payload that are read, and reads them; `at` is the payload's JSON pointer. */
export type ReadPayload = (payload: unknown, at: string, self: BotIdentity | undefined) => Facts

// Ids have at most 52 significant bits (Bot API, User.id), so doubles hold them; what does not fit is no id.
export const Id = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })
export const Ref = Type.Object({ id: Id })
export const Author = Type.Object({ id: Id, is_bot: Type.Optional(Type.Boolean()) })
export type Author = Static<typeof Author>
export const maybeId = Type.Optional(Id)
export const maybeRef = Type.Optional(Ref)
export const maybeAuthor = Type.Optional(Author)
export const maybeText = Type.Optional(Type.String())

/** The update around the payload. */
export const checkUpdate = compileShape(Type.Object({ update_id: Id }))

/** A function that checks what a schema says and reads it. */
export function reader<T extends TSchema>(
  schema: T,
  read: (payload: Static<T>, self: BotIdentity | undefined) => Facts,
): ReadPayload {
  const check = compileShape(schema)
  return (payload, at, self) => read(check(payload, at), self)
}

/**
 * Users who stand for somebody that the Bot API does not name: an administrator who is anonymous
 * (@GroupAnonymousBot), one who speaks as a channel (@Channel_Bot), and Telegram, which forwards a channel's
 * posts to its group.
 */
const placeholders = new Set([1087968824, 136817688, 777000])

/**
 * A person's id, or a bot's; a placeholder is nobody, so that all the administrators of all groups do not
 * become one.
 */
export function userOf(author: { id: number } | undefined): string | undefined {
  return author === undefined || placeholders.has(author.id) ? undefined : String(author.id)
}

/** Whether the author is a bot; placeholders say so of themselves, and people stand behind them. */
export function isBot(author: Author | undefined): boolean {
  return author?.is_bot === true && !placeholders.has(author.id)
}

/** Parts of a route, as far as they are known. */
export type Parts = Record<string, string | undefined>

/** The parts that are known, or undefined if none is. */
export function routeOf(parts: Parts | undefined): Record<string, string> | undefined {
  if (parts === undefined) return undefined
  let route: Record<string, string> | undefined
  for (const [name, value] of Object.entries(parts)) {
    if (value === undefined) continue
    route ??= {}
    route[name] = value
  }
  return route
}

/** Unix ms of the Bot API's seconds. */
export function msOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000
}
