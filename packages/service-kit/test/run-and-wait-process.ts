import { createLogger, runUntilSignal } from '../src/index.ts'

/** Run by run-until-signal.test.ts as a process: waits for a signal, and closes in the way it is told. */
const how = process.argv[2]
const logger = createLogger({ name: 'child', level: 'info' })
const waiting = setInterval(() => {}, 60_000)

runUntilSignal({
  logger,
  delayMs: how === 'hang' ? 50 : 10_000,
  close: async () => {
    logger.info('close is called')
    clearInterval(waiting)
    if (how === 'fail') throw new Error('as told')
    if (how === 'hang') await new Promise(() => {})
  },
})
logger.info('ready')
if (how === 'throw') setImmediate(() => Promise.reject(new Error('as told')))
