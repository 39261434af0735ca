import type { Logger } from 'pino'
import { createLogger } from '../src/index.ts'

/** A logger whose lines a test can read, as text and parsed. */
export function capturedLog(): { logger: Logger; text: string[]; lines: Record<string, unknown>[] } {
  const text: string[] = []
  const lines: Record<string, unknown>[] = []
  const destination = {
    write(line: string) {
      text.push(line)
      lines.push(JSON.parse(line))
    },
  }
  return { logger: createLogger({ name: 'test', level: 'info', destination }), text, lines }
}
