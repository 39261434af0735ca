const HeadEnd = Buffer.from('\r\n\r\n')

/**
 * Reads HTTP/1.1 messages off a connection, as much of them as a benchmark needs: the head as text, the body
 * by its content-length (`bodyless` heads have none; it throws of chunks). Returns a function to push
 * received bytes into; it copies what it keeps, so the buffer may be reused.
 */
export function createMessageReader(
  bodyless: RegExp,
  onMessage: (head: string, body: Buffer) => void,
): (bytes: Buffer) => void {
  let kept = Buffer.alloc(0)
  return function push(bytes) {
    let rest = kept.length === 0 ? bytes : Buffer.concat([kept, bytes])
    for (;;) {
      const headEnd = rest.indexOf(HeadEnd)
      if (headEnd === -1) break
      const head = rest.toString('latin1', 0, headEnd)
      const bodyAt = headEnd + HeadEnd.length
      const end = bodyAt + bodyLengthOf(head, bodyless)
      if (rest.length < end) break
      onMessage(head, rest.subarray(bodyAt, end))
      rest = rest.subarray(end)
    }
    kept = Buffer.from(rest)
  }
}

function bodyLengthOf(head: string, bodyless: RegExp): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)
  if (length !== null) return Number(length[1])
  if (bodyless.test(head)) return 0
  throw new Error(`Only messages with a content-length can be read here, not:\n${head}`)
}
