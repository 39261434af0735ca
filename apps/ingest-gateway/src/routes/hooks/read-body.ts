import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { AddressBusyError, BadRequestError, BodyTooLargeError, GatewayBusyError } from '../../errors.ts'
import type { BodyMemory, PagedBody } from '../../large/body-memory.ts'
import { freeBytes } from '../../large/free-bytes.ts'
import { largeBytes } from '../../large/large-calls.ts'
import { readOnInTurn } from '../../limits/reading-turns.ts'
import type { Hook } from './find-hook.ts'

/** A body's bytes. A large body is the pages that it lies in: the code that takes it must release them. */
export type Body = Buffer | PagedBody

/**
 * Makes the reader of bodies. It reads up to what the bot's platform sends at most. Otherwise a stranger's
 * body of 26 MiB would be read for a bot whose platform never sends more than one. The body of a call for an
 * unknown bot, or of another type than the platform's, is read and dropped. Without `memory` no body is
 * large.
 */
export function createReadBody(memory: BodyMemory | undefined) {
  return function readBody(
    request: FastifyRequest,
    payload: Readable,
    done: (error: Error | null, body?: Body) => void,
  ): void {
    const { adapter, bot, maxBytes, room } = request.hook as Hook
    const isKept = bot !== undefined && adapter.contentTypes.includes(request.mediaType ?? '')
    const announced = Number(request.headers['content-length'] ?? 0)
    const pieces: Buffer[] = []
    let paged: PagedBody | undefined
    let bytes = 0
    let isOver = false
    // Never throws: it counts, and keeps what there is room for.
    payload.on('data', onData)
    // Never throws: the pieces are there.
    payload.once('end', onEnd)
    // Never throws: it ends what was read so far.
    payload.once('error', onError)

    function onData(piece: Buffer): void {
      bytes += piece.length
      const isLarge = Math.max(announced, bytes) >= largeBytes
      if (bytes > maxBytes) end(new BodyTooLargeError())
      else if (announced === 0 && !room.grow(piece.length)) end(new AddressBusyError())
      else if (!isKept) freeBytes(piece)
      else if (!memory || !isLarge) pieces.push(piece)
      else if (!moveToPages(memory, piece)) end(new GatewayBusyError())
      if (isLarge && !isOver) {
        payload.pause()
        readOnInTurn(payload)
      }
    }
    function moveToPages(memory: BodyMemory, last: Buffer): boolean {
      paged ??= memory.open()
      for (const piece of [...pieces.splice(0), last]) {
        if (!paged.add(piece)) return false
        freeBytes(piece)
      }
      return true
    }
    function onEnd(): void {
      end(null, paged ?? (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)))
    }
    // The caller hung up, or took too long: no error of ours, though nobody may be there any more to hear so.
    function onError(): void {
      end(new BadRequestError())
    }
    function end(error: Error | null, body?: Body): void {
      isOver = true
      payload.off('data', onData)
      payload.off('end', onEnd)
      payload.off('error', onError)
      // A later error of a body that nobody reads any more must not end the process.
      payload.on('error', () => undefined)
      if (error) {
        paged?.release()
        // Never throws: it drops the bytes that still come.
        payload.on('data', freeBytes).resume()
      }
      done(error, body)
    }
  }
}
