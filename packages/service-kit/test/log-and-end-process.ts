import { writeSync } from 'node:fs'
import { createLogger } from '../src/index.ts'

/** Run by logger.test.ts as a process: logs 3,000 lines in two bursts, then ends in the way it is told. */
const logger = createLogger({ name: 'child', level: 'info' })
for (let n = 0; n < 1_500; n++) logger.info({ n, padding: 'x'.repeat(200) }, 'line')
setImmediate(() => {
  for (let n = 1_500; n < 3_000; n++) logger.info({ n, padding: 'x'.repeat(200) }, 'line')
  if (process.argv[2] === 'exit') {
    writeSync(2, 'ending\n')
    process.exit(0)
  }
  if (process.argv[2] === 'throw') throw new Error('as told')
})
