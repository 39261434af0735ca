import { ReplyError } from './errors.ts'

/** The text of a reply, or `ReplyError`: bots in plain JavaScript have no compiler to tell them. */
export function readText(text: string): { text: string } {
  if (typeof text !== 'string' || text === '') throw new ReplyError('A reply needs some text')
  return { text }
}

/**
 * A copy of the platform's own message as its JSON is now (builders have `toJSON`), or `ReplyError` if it is
 * no object.
 */
export function readNative(native: object): { native: Record<string, unknown> } {
  let copy: unknown
  try {
    copy = JSON.parse(JSON.stringify(native) ?? 'null')
  } catch (cause) {
    throw new ReplyError(`The platform's own message is not JSON: ${(cause as Error).message}`, { cause })
  }
  if (typeof copy === 'object' && copy !== null && !Array.isArray(copy)) {
    return { native: copy as Record<string, unknown> }
  }
  throw new ReplyError("The platform's own message is an object, as the platform's API documents it")
}
