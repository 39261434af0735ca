import { Readable } from 'node:stream'

/**
 * A body of lines of 64 bytes, each beginning with its number, made as it is read: `made` is how many bytes
 * so far.
 */
export function createLines(count: number) {
  const perPiece = 1024
  const progress = { made: 0 }
  function* pieces() {
    for (let line = 0; line < count; line += perPiece) {
      const lines = Array.from({ length: Math.min(perPiece, count - line) }, (_, n) =>
        `${line + n}`.padEnd(63, '.'),
      )
      progress.made += 64 * lines.length
      yield Buffer.from(`${lines.join('\n')}\n`)
    }
  }
  return { progress, body: Readable.from(pieces(), { highWaterMark: 1, objectMode: true }) }
}
