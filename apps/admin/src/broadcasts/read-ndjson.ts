import type { Readable } from 'node:stream'
import { InvalidRequestError } from '../errors.ts'

/** A line longer than this is refused, in bytes: no message and no recipient needs more. */
const maxLineBytes = 64 * 1024

/**
 * The values of a body of NDJSON, one a line, as they arrive: the body is never held whole. Empty lines are
 * skipped. Throws {@link InvalidRequestError} with the line's number as the path.
 */
export async function* readNdjson(body: Readable): AsyncGenerator<{ line: number; value: unknown }> {
  let line = 0
  let rest: Buffer = Buffer.alloc(0)
  try {
    // Who stops reading at a bad line still wants to answer: the connection must live on.
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      let from = 0
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
        const bytes =
          rest.length > 0 ? Buffer.concat([rest, chunk.subarray(from, end)]) : chunk.subarray(from, end)
        rest = Buffer.alloc(0)
        from = end + 1
        line++
        yield* parse(bytes, line)
      }
      rest = Buffer.concat([rest, chunk.subarray(from)])
      if (rest.length > maxLineBytes) throw new InvalidRequestError(`/${line + 1}`, tooLong)
    }
    yield* parse(rest, line + 1)
  } finally {
    // A caller that sends all of it before reading the answer would otherwise wait for us for ever.
    body.resume()
  }
}

const newline = 0x0a
const tooLong = `A line is longer than ${maxLineBytes / 1024} KiB: send one JSON value a line`

function* parse(bytes: Buffer, line: number): Generator<{ line: number; value: unknown }> {
  if (bytes.length > maxLineBytes) throw new InvalidRequestError(`/${line}`, tooLong)
  const text = bytes.toString().trim()
  if (text === '') return
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new InvalidRequestError(`/${line}`, `Line ${line} is not JSON: send one JSON value a line`)
  }
  yield { line, value }
}
