import type { DestinationStream } from 'pino'
import type { LogSink } from './log-sink.ts'

/** How long a line waits for company, in ms; a process that is killed loses that much of its log. */
const lingerMs = 20
const maxLines = 256

/**
 * Writes lines together: at thousands a second, a write a line costs more than everything else that logging
 * does (measured in the worker: an eighth of its time). What is gathered is written at exit.
 */
export function gatherLines(
  sink: LogSink,
): DestinationStream & { flush(done?: (error?: Error) => void): void } {
  let lines: string[] = []
  let timer: NodeJS.Timeout | undefined

  // Never throws: what cannot be written is dropped.
  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (lines.length === 0) return
    const text = lines.join('')
    lines = []
    sink.write(text)
  }

  // Never throws: as above.
  function flushAtExit(): void {
    flush()
    sink.flushSync()
  }

  process.prependListener('exit', flushAtExit)
  return {
    write(line) {
      lines.push(line)
      if (lines.length >= maxLines) flush()
      else timer ??= setTimeout(flush, lingerMs)
    },
    flush(done) {
      flush()
      sink.flush(done)
    },
  }
}
