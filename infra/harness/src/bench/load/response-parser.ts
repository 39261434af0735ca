const HEAD_END = Buffer.from('\r\n\r\n')
const STATUS_OFFSET = 'HTTP/1.1 '.length

/**
 * Reads just enough of HTTP/1.1 answers to tell where each ends: status and content-length, no chunked bodies (it
 * throws). Returns a function to push received bytes into; it copies what it keeps, so the buffer may be reused.
 */
export function createResponseParser(onResponse: (status: number) => void): (bytes: Buffer) => void {
  let head: Buffer | undefined
  let bodyLeft = 0
  let status = 0

  return function push(bytes) {
    let rest = bytes
    while (rest.length > 0) {
      if (bodyLeft > 0) {
        const taken = Math.min(bodyLeft, rest.length)
        bodyLeft -= taken
        rest = rest.subarray(taken)
      } else {
        if (head !== undefined) rest = Buffer.concat([head, rest])
        const end = rest.indexOf(HEAD_END)
        if (end === -1) {
          head = Buffer.from(rest)
          return
        }
        head = undefined
        status = statusOf(rest)
        bodyLeft = contentLengthOf(rest.toString('latin1', 0, end), status)
        rest = rest.subarray(end + HEAD_END.length)
      }
      if (bodyLeft === 0) onResponse(status)
    }
  }
}

function statusOf(head: Buffer): number {
  return (head[STATUS_OFFSET]! - 48) * 100 + (head[STATUS_OFFSET + 1]! - 48) * 10 + (head[STATUS_OFFSET + 2]! - 48)
}

function contentLengthOf(head: string, status: number): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)
  if (length !== null) return Number(length[1])
  if (status === 204 || status === 304) return 0
  throw new Error(`The load generator reads only answers with a content-length, got:\n${head}`)
}
