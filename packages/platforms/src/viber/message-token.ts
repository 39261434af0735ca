import { memberParts, wholeOf } from '../json/json-part.ts'

/** The digits of a body's `message_token`, which is a number beyond 2^53; undefined if there is none. */
export function messageTokenOf(json: Buffer, value: unknown): string | undefined {
  const part = memberParts(json, wholeOf(json, value)).find(({ name }) => name === 'message_token')
  const text = part && json.toString('utf8', part.start, part.end)
  return /^"?(\d{1,32})"?$/.exec(text ?? '')?.[1]
}
