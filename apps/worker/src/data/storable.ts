import { whyNotJson } from '@botyard/bot-kit'

/**
 * A copy of a JSON value that Postgres can hold: it has no NUL and no half of a surrogate pair, which a user
 * can send all the same; U+FFFD stands for them. Throws what `refuse` makes of the reason if the value is no
 * JSON.
 */
export function storable<T>(value: T, refuse: (reason: string) => Error): T {
  const reason = whyNotJson(value)
  if (reason !== undefined) throw refuse(reason)
  const json = JSON.stringify(value)
  return json === undefined
    ? value
    : JSON.parse(json, (_key, part) => (typeof part === 'string' ? clean(part) : part))
}

function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
