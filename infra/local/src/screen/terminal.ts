import { styleText } from 'node:util'

/** What a command says to its user. */
export interface Terminal {
  line(text?: string): void
  /** Says what happens, shows the time while it takes long, and ends with a tick. */
  step<T>(label: string, work: () => Promise<T>): Promise<T>
  green(text: string): string
  red(text: string): string
  dim(text: string): string
  bold(text: string): string
}

/** How often a step that takes long says so: redrawn for a person, lines in a log of CI. */
const redrawMs = 100
const remindMs = 10_000

/** Writes to a stream; colours and lines that redraw only where a person looks at it. */
export function createTerminal(stream: NodeJS.WriteStream = process.stdout): Terminal {
  // The terminal may vanish under a running stack: that ends it by SIGHUP, in order, not by an exception
  // here.
  stream.on('error', () => {})
  const live = stream.isTTY === true
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    styleText(format, text, { stream, validateStream: true })
  const green = style('green')
  const red = style('red')
  const dim = style('dim')

  return {
    line: (text = '') => void stream.write(`${text}\n`),
    async step(label, work) {
      const startedAt = performance.now()
      const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
      const progress = () =>
        stream.write(live ? `\r\x1b[K  … ${label} ${dim(seconds())}` : `  … ${label} (${seconds()})\n`)
      if (live) progress()
      const timer = setInterval(progress, live ? redrawMs : remindMs)
      const close = (mark: string) => {
        clearInterval(timer)
        stream.write(`${live ? '\r\x1b[K' : ''}  ${mark} ${label} ${dim(seconds())}\n`)
      }
      try {
        const result = await work()
        close(green('✓'))
        return result
      } catch (error) {
        close(red('✗'))
        throw error
      }
    },
    green,
    red,
    dim,
    bold: style('bold'),
  }
}
