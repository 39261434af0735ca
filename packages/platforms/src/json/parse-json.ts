import { InvalidUpdateError } from '../errors.ts'

// Fatal, because a replacement character would silently change what the user wrote; a leading BOM is dropped.
const utf8 = new TextDecoder('utf-8', { fatal: true })
const utf8WithMark = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Parses a body of JSON in UTF-8, or throws `InvalidUpdateError` (`GTW_MALFORMED_JSON`), also for nesting too
 * deep to parse. `JSON.parse` makes a `__proto__` key an ordinary property, so no prototype is ever set. The
 * engine's own message is dropped: it quotes the body, which is a user's.
 */
export function parseJson(body: Uint8Array): unknown {
  return parseText(decode(utf8, body))
}

/** The same of what stands between the brackets of an array. */
export function parseElements(elements: Uint8Array): unknown[] {
  return parseText(`[${decode(utf8WithMark, elements)}]`) as unknown[]
}

function decode(decoder: typeof utf8, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new InvalidUpdateError('json', 'The body is not UTF-8')
  }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed()
  }
}

/** What is said of a body that is no JSON. */
export function malformed(): InvalidUpdateError {
  return new InvalidUpdateError('json', 'The body is not JSON')
}
