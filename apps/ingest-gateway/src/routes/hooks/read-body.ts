import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { AddressBusyError, BadRequestError, BodyTooLargeError } from '../../errors.ts'
import { freeBytes } from '../../large/free-bytes.ts'
import { largeBytes } from '../../large/large-calls.ts'
import { readOnInTurn } from '../../limits/reading-turns.ts'
import type { Hook } from './find-hook.ts'

/**
 * Reads a body as its bytes, up to what the bot's platform sends at most. Otherwise a stranger's body of 26
 * MiB would be read for a bot whose platform never sends more than one. The body of a call for an unknown bot
 * is read and dropped.
 */
export function readBody(
  request: FastifyRequest,
  payload: Readable,
  done: (error: Error | null, body?: Buffer) => void,
): void {
  const { bot, maxBytes, room } = request.hook as Hook
  const announced = Number(request.headers['content-length'] ?? 0)
  // Put into its place as it comes: to join the pieces of a large body at the end would take milliseconds in
  // one go.
  const whole = bot && announced >= largeBytes ? Buffer.allocUnsafeSlow(announced) : undefined
  const chunks: Buffer[] = []
  let bytes = 0
  let isOver = false
  // Never throws: it counts, and keeps what there is room for.
  payload.on('data', onData)
  // Never throws: the pieces are there.
  payload.once('end', onEnd)
  // Never throws: it ends what was read so far.
  payload.once('error', onError)

  function onData(chunk: Buffer): void {
    const before = bytes
    bytes += chunk.length
    if (bytes > maxBytes) end(new BodyTooLargeError())
    else if (announced === 0 && !room.grow(chunk.length)) end(new AddressBusyError())
    else if (whole) whole.set(chunk, before)
    else if (bot) chunks.push(chunk)
    if (Math.max(announced, bytes) >= largeBytes && !isOver) {
      payload.pause()
      readOnInTurn(payload)
    }
  }
  function onEnd(): void {
    end(null, whole?.subarray(0, bytes) ?? (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
  }
  // The caller hung up, or took too long: no error of ours, though nobody may be there any more to hear so.
  function onError(): void {
    end(new BadRequestError())
  }
  function end(error: Error | null, body?: Buffer): void {
    isOver = true
    payload.off('data', onData)
    payload.off('end', onEnd)
    payload.off('error', onError)
    // A later error of a body that nobody reads any more must not end the process.
    payload.on('error', () => undefined)
    if (error) {
      payload.resume()
      if (whole) freeBytes(whole)
    }
    done(error, body)
  }
}
