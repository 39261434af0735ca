import { DownloadTooLargeError } from './errors.ts'

const newline = 0x0a
const carriageReturn = 0x0d

/** The lines of a text in UTF-8 whose bytes come in pieces; keeps no more than the pieces of one line. */
export async function* splitLines(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<string> {
  // The beginning of a line whose end has not come.
  let pieces: Uint8Array[] = []
  let kept = 0
  let first = true

  function finish(rest: Uint8Array): string {
    const line = textOf(pieces.length === 0 ? rest : Buffer.concat([...pieces, rest]))
    pieces = []
    kept = 0
    const text = first && line.startsWith('\ufeff') ? line.slice(1) : line
    first = false
    return text
  }

  for await (const piece of bytes) {
    let from = 0
    for (let end = piece.indexOf(newline); end !== -1; end = piece.indexOf(newline, from)) {
      if (kept + end - from > maxBytes) throw new DownloadTooLargeError('line', maxBytes)
      yield finish(piece.subarray(from, end))
      from = end + 1
    }
    if (from === piece.length) continue
    kept += piece.length - from
    if (kept > maxBytes) throw new DownloadTooLargeError('line', maxBytes)
    pieces.push(piece.subarray(from))
  }
  if (kept > 0) yield finish(new Uint8Array())
}

function textOf(line: Uint8Array): string {
  const length = line.at(-1) === carriageReturn ? line.length - 1 : line.length
  return Buffer.from(line.buffer, line.byteOffset, length).toString()
}
