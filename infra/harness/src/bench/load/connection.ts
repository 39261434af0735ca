import { connect, type Socket } from 'node:net'
import { createRequest, type LoadTarget } from './request-template.ts'
import { createResponseParser } from './response-parser.ts'

/** What became of a request. */
export interface Outcome {
  /** Undefined of a connection that broke with nothing under way. */
  readonly sequence: number | undefined
  /** The answer's status; `broken` if the connection ended without one. */
  readonly status: number | 'broken'
  readonly sentAtMs: number
}

/** A connection to a webhook, with one request under way at the most. */
export interface Connection {
  /** Resolves also when it could not be opened. */
  readonly opened: Promise<void>
  /** Sends the update of this number and chat; `onOutcome` follows. */
  send(sequence: number, chat: number, now: number): void
  close(): void
}

/** Opens a connection. A broken one tells so, whether a request is under way or not, and takes no more. */
export function openConnection(
  target: LoadTarget,
  onOutcome: (connection: Connection, outcome: Outcome) => void,
): Connection {
  const request = createRequest(target)
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  let sequence: number | undefined
  let sentAtMs = 0
  let isClosed = false

  function settle(status: Outcome['status']): void {
    const outcome = { sequence, status, sentAtMs }
    sequence = undefined
    onOutcome(connection, outcome)
  }

  const parse = createResponseParser(settle)
  const socket: Socket = connect({
    host: '127.0.0.1',
    port: target.port,
    noDelay: true,
    // Read into one buffer for good, past the stream machinery.
    onread: {
      buffer: Buffer.allocUnsafe(16_384),
      callback(length, buffer) {
        parse((buffer as Buffer).subarray(0, length))
        return true
      },
    },
  })
  socket.once('connect', open)
  socket.on('error', () => {}) // 'close' follows and tells it.
  socket.once('close', () => {
    if (!isClosed) settle('broken')
    open()
  })

  const connection: Connection = {
    opened,
    send(number, chat, now) {
      sequence = number
      sentAtMs = now
      request.patch(number, chat)
      socket.write(request.bytes)
    },
    close() {
      isClosed = true
      socket.destroy()
    },
  }
  return connection
}
