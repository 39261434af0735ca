import { closeSync, openSync } from 'node:fs'
import { createLogger, createRegistry, runUntilSignal } from '../src/index.ts'

/**
 * Run by log-sink.test.ts as a process: standard output becomes a full disk, or is a pipe that nobody reads
 * any more; says on standard error what becomes of it.
 */
if (process.argv[2] === 'full') {
  closeSync(1)
  openSync('/dev/full', 'w')
}
const logger = createLogger({ name: 'child', level: 'info' })
const registry = createRegistry({ app: 'child' })
runUntilSignal({ logger, delayMs: 5_000, close: async () => clearInterval(busy) })

const busy = setInterval(async () => {
  logger.info('a line')
  const text = await registry.getSingleMetricAsString('botyard_log_lines_dropped_total')
  const dropped = Number(/ (\d+)$/m.exec(text)?.[1])
  if (dropped >= 5) process.stderr.write('still here\n')
}, 5)
