import { existsSync } from 'node:fs'
import { fastify } from 'fastify'
import { Counter, Gauge } from 'prom-client'
import { forkProcesses } from '../../src/cluster/index.ts'
import { createLogger, createRegistry, runUntilSignal } from '../../src/index.ts'
import ops from '../../src/plugins/ops.ts'

/**
 * Run by the tests beside it: an app of several processes. A file that the test makes tells the next child to
 * start in another way.
 */
const [count, port, opsPort, folder] = process.argv.slice(2)
const logger = createLogger({ name: 'clustered', level: 'info' })
const registry = createRegistry({ app: 'clustered' })
const isTold = (what: string) => existsSync(`${folder}/${what}`)

await forkProcesses({
  ...{ count: Number(count), file: import.meta.filename, closeWithinMs: 5_000, logger, registry },
  ops: { host: '127.0.0.1', port: Number(opsPort) },
})
if (isTold('misconfigured')) process.exit(78)
if (isTold('broken')) process.exit(1)

const calls = new Counter({ name: 'calls_total', help: 'Calls.', registers: [registry] })
new Gauge({ name: 'whole_system', help: 'h', registers: [registry], aggregator: 'max' }).set(7)
new Gauge({ name: 'own_part', help: 'h', registers: [registry] }).set(3)

const app = fastify({ forceCloseConnections: 'idle', return503OnClosing: false })
app.register(ops, { host: '127.0.0.1', port: Number(opsPort), check: 'listening', logger, registry })
app.get('/', async () => {
  calls.inc()
  return { pid: process.pid }
})
app.get('/stand-still', async () => {
  process.kill(process.pid, 'SIGSTOP')
})
runUntilSignal({ logger, delayMs: 5_000, close: () => app.close() })
await app.listen({ host: '127.0.0.1', port: Number(port) })
logger.info('ready')
