import { write, writeSync } from 'node:fs'

/**
 * Lines beyond this are dropped while nobody reads standard output: a stuck log collector must not fill the
 * memory.
 */
const maxUnwrittenBytes = 32 * 1024 * 1024
/** A pipe that is full is tried again after that, in ms. */
const againMs = 20
/** How long the exit of the process waits for a pipe that is full, in ms. */
const exitPatienceMs = 1_000

/**
 * What is written at once, in bytes: Linux's PIPE_BUF. At exit a piece may still be on its way in a thread
 * while the rest is written here, and only so much enters a pipe undivided (pipe(7)).
 */
const maxPiece = 4096
const nothing: Buffer = Buffer.alloc(0)

let dropped = 0

/** Log lines of this process that could not be written. */
export function droppedLogLines(): number {
  return dropped
}

/** Where log lines go. */
export interface LogSink {
  write(text: string): void
  /** Calls back when everything so far has been written or dropped. */
  flush(done?: () => void): void
  /** Writes what has not been written, before the process exits. */
  flushSync(): void
}

/**
 * Writes to a file descriptor without waiting. A log that cannot be written (full disk, broken pipe) never
 * stops a service nor its exit: the lines are dropped and counted, and the next ones are tried again.
 */
export function createLogSink(fd: number): LogSink {
  let waiting: string[] = []
  let bytes = 0
  /** What was taken from those that wait, and is not with the system yet. */
  let rest: Buffer = nothing
  let isWriting = false
  /** A piece that the pipe had no room for, and that is tried again. */
  let held: Buffer = nothing
  const whenIdle: (() => void)[] = []

  function next(): void {
    if (rest.length === 0) rest = takeAll()
    isWriting = rest.length > 0
    if (!isWriting) for (const done of whenIdle.splice(0)) done()
    else attempt(takePiece())
  }

  function takeAll(): Buffer {
    const text = Buffer.from(waiting.join(''))
    waiting = []
    bytes = 0
    return text
  }

  // Never throws: a cut of a buffer.
  function takePiece(): Buffer {
    const piece = rest.subarray(0, pieceLength(rest))
    rest = rest.subarray(piece.length)
    return piece
  }

  function attempt(text: Buffer): void {
    write(fd, text, (error, written) => {
      if (error && isFull(error)) {
        held = text
        return void setTimeout(() => {
          held = nothing
          attempt(text)
        }, againMs)
      }
      if (error) drop(text)
      else if (written < text.length) return attempt(text.subarray(written))
      next()
    })
  }

  return {
    write(text) {
      if (bytes + text.length > maxUnwrittenBytes) return drop(text)
      waiting.push(text)
      bytes += text.length
      if (!isWriting) next()
    },
    flush(done = () => {}) {
      if (!isWriting) done()
      else whenIdle.push(done)
    },
    flushSync() {
      // The piece under way is with the system, whose threads end before the process does.
      let text = Buffer.concat([held, rest, takeAll()])
      held = rest = nothing
      for (const until = performance.now() + exitPatienceMs; text.length > 0; ) {
        try {
          text = text.subarray(writeSync(fd, text.subarray(0, pieceLength(text))))
        } catch (error) {
          if (!isFull(error) || performance.now() > until) return drop(text)
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, againMs)
        }
      }
    },
  }
}

/** The whole lines that fit into one piece; of a line that does not, all. Never throws. */
function pieceLength(text: Buffer): number {
  if (text.length <= maxPiece) return text.length
  const fits = text.lastIndexOf('\n', maxPiece - 1)
  const end = fits >= 0 ? fits : text.indexOf('\n', maxPiece)
  return end < 0 ? text.length : end + 1
}

function isFull(error: unknown): boolean {
  return ['EAGAIN', 'EBUSY'].includes((error as { code?: string }).code ?? '')
}

function drop(text: string | Buffer): void {
  dropped += String(text).split('\n').length - 1
}
