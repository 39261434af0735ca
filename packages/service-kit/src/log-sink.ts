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
  let writing: Buffer | undefined
  const whenIdle: (() => void)[] = []

  function next(): void {
    if (waiting.length === 0) {
      writing = undefined
      for (const done of whenIdle.splice(0)) done()
      return
    }
    writing = takeAll()
    attempt(writing)
  }

  function takeAll(): Buffer {
    const text = Buffer.from(waiting.join(''))
    waiting = []
    bytes = 0
    return text
  }

  function attempt(text: Buffer): void {
    write(fd, text, (error, written) => {
      if (error && isFull(error)) return void setTimeout(attempt, againMs, text)
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
      if (writing === undefined) next()
    },
    flush(done = () => {}) {
      if (writing === undefined) done()
      else whenIdle.push(done)
    },
    flushSync() {
      // What is being written is with the system, whose threads end before the process does.
      if (waiting.length === 0) return
      for (let text = takeAll(), until = performance.now() + exitPatienceMs; text.length > 0; ) {
        try {
          text = text.subarray(writeSync(fd, text))
        } catch (error) {
          if (!isFull(error) || performance.now() > until) return drop(text)
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, againMs)
        }
      }
    },
  }
}

function isFull(error: unknown): boolean {
  return ['EAGAIN', 'EBUSY'].includes((error as { code?: string }).code ?? '')
}

function drop(text: string | Buffer): void {
  dropped += String(text).split('\n').length - 1
}
