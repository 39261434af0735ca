import type { FastifyRequest } from 'fastify'
import { BadRequestError, BodyTooLargeError } from '../../errors.ts'

/**
 * Reads a body as its bytes, up to what the bot's platform sends at the most: a stranger's body of 26 MiB would else be read
 * for a bot whose platform never sends more than one.
 */
export function readBody(
  request: FastifyRequest,
  payload: NodeJS.ReadableStream,
  done: (error: Error | null, body?: Buffer) => void,
): void {
  const most = request.hook?.mostBytes ?? 0
  const chunks: Buffer[] = []
  let bytes = 0
  payload.on('data', onData)
  payload.once('end', onEnd)
  payload.once('error', onError)

  function onData(chunk: Buffer): void {
    bytes += chunk.length
    if (bytes <= most) chunks.push(chunk)
    else end(new BodyTooLargeError())
  }
  function onEnd(): void {
    end(null, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))
  }
  // The caller hung up, or took too long: no error of ours, though nobody may be there any more to hear so.
  function onError(): void {
    end(new BadRequestError())
  }
  function end(error: Error | null, body?: Buffer): void {
    payload.off('data', onData)
    payload.off('end', onEnd)
    payload.off('error', onError)
    // A later error of a body that nobody reads any more must not end the process.
    payload.on('error', () => undefined)
    if (error) payload.resume()
    done(error, body)
  }
}
