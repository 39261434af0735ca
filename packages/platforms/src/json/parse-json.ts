import { InvalidUpdateError } from '../errors.ts'

// Fatal, because a replacement character would silently change what the user wrote; a leading BOM is dropped.
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Parses a body of JSON in UTF-8, or throws `InvalidUpdateError` (`GTW_MALFORMED_JSON`), also for nesting too
 * deep to parse. `JSON.parse` makes a `__proto__` key an ordinary property, so no prototype is ever set. The
 * engine's own message is dropped: it quotes the body, which is a user's.
 */
export function parseJson(body: Uint8Array): unknown {
  let text: string
  try {
    text = utf8.decode(body)
  } catch {
    throw new InvalidUpdateError('json', 'The body is not UTF-8')
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidUpdateError('json', 'The body is not JSON')
  }
}
