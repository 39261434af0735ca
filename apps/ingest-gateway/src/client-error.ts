import type { Socket } from 'node:net'
import { answerFor, errorBody } from './error-answer.ts'
import type { GatewayMetrics } from './metrics.ts'

/** Answers what is not even HTTP, in the shape of every other error, and closes the connection. */
export function createClientErrorHandler(metrics: GatewayMetrics) {
  return function answerClientError(error: Error, socket: Socket): void {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET' || !socket.writable || socket.destroyed) {
      socket.destroy()
      return
    }
    const answer = answerFor(Object.assign(error, { statusCode: 400 }))
    metrics.refused(answer.code)
    const body = JSON.stringify(errorBody(answer))
    socket.end(
      `HTTP/1.1 ${answer.status} ${answer.code}\r\ncontent-type: application/json; charset=utf-8\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    )
  }
}
