import { setImmediate as turn } from 'node:timers/promises'
import { request } from 'undici'
import { createLogger, createRegistry, createTargetGuard } from '../src/index.ts'
import { buildOps } from '../src/ops.ts'

/**
 * Run by load-http-parser.test.ts as a process under --trace-sync-io: starts, is ready, uses everything once,
 * ends.
 */
const logger = createLogger({ name: 'child', level: 'info' })
const registry = createRegistry({ app: 'child' })
const ops = await buildOps({
  logger,
  registry,
  host: '127.0.0.1',
  port: 0,
  ready: async () => ({ all: true }),
})
const { check, dispatcher } = createTargetGuard({ allow: ['127.0.0.1'] })
const [address] = ops.addresses()
if (typeof address !== 'object') throw new Error('The ops routes listen on no port')
await turn()
logger.info('ready')

for (const path of ['live', 'ready', 'metrics']) {
  const url = `http://localhost:${address.port}/${path}`
  await check(url)
  const { statusCode, body } = await request(url, { dispatcher })
  logger.info({ path, statusCode, bytes: (await body.text()).length }, 'answered')
}
await dispatcher.close()
await ops.close()
