import type { DestinationStream, pino } from 'pino'

type SonicBoom = ReturnType<typeof pino.destination>

/** How long a line waits for company, in ms; a process that is killed loses that much of its log. */
const LINGER_MS = 20
const MOST_LINES = 256

/**
 * Writes lines together: at thousands a second, a write a line costs more than everything else that logging does
 * (measured in the worker: an eighth of its time). What is gathered is written at exit.
 */
export function gatherLines(
  destination: SonicBoom,
): DestinationStream & { flush(done?: (error?: Error) => void): void } {
  let lines: string[] = []
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (lines.length === 0) return
    const text = lines.join('')
    lines = []
    destination.write(text)
  }

  // Before the destination's own listener, which writes what it has and closes.
  process.prependListener('exit', flush)
  return {
    write(line) {
      lines.push(line)
      if (lines.length >= MOST_LINES) flush()
      else timer ??= setTimeout(flush, LINGER_MS)
    },
    flush(done) {
      flush()
      destination.flush(done)
    },
  }
}
