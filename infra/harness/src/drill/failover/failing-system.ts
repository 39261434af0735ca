import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createBotStore, createControlDatabase } from '@botyard/control-database'
import { createMailboxWriter, type MailboxWriter } from '@botyard/mailbox'
import { createKeyring, createNaming, createRedis, type Keyring, type Naming } from '@botyard/service-kit'
import { createShardMapStore, type ShardMap } from '@botyard/shard-routing'
import {
  freePort,
  type PostgresPair,
  startPostgres,
  startPostgresPair,
  startProcess,
  startRedis,
  type TestProcess,
} from '@botyard/testkit'
import { pino } from 'pino'

/** Workers on a Redis, a control database and user shards of their own; each shard has a synchronous standby. */
export interface FailingSystem {
  readonly shards: ReadonlyMap<string, PostgresPair>
  readonly map: ShardMap
  readonly keyring: Keyring
  readonly naming: Naming
  /** The gateway's end of the mailbox. */
  readonly writer: MailboxWriter
  /** All that were started, those that ended too. */
  readonly workers: readonly TestProcess[]
  /** Ends a worker gently and starts another one in its place; resolves when that is ready. */
  replaceWorker(): Promise<void>
  close(): Promise<void>
}

/** The bot that counts, bots/counter.ts. */
export const bot = 'counter'

const logger = pino({ level: 'silent' })
const file = (path: string) => fileURLToPath(new URL(`../../../../../${path}`, import.meta.url))
const botsDir = file('infra/harness/bots/drill')

/** Starts it all, by the same migrations that an operator runs; resolves when every worker is ready. */
export async function startFailingSystem(options: {
  shards: number
  workers: number
  apiRoot: string
}): Promise<FailingSystem> {
  const keys = { active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }
  const namingKey = randomBytes(32)
  const keyring = createKeyring(keys)
  await using stack = new AsyncDisposableStack()
  const server = stack.adopt(await startRedis({ appendfsync: 'always' }), it => it.stop())
  const control = stack.adopt(await startPostgres(), it => it.stop())
  const shards = new Map<string, PostgresPair>()
  for (let n = 1; n <= options.shards; n++) {
    shards.set(
      `s${n}`,
      stack.adopt(await startPostgresPair(), it => it.stop()),
    )
  }

  const common = {
    CONTROL_DATABASE_URL: control.url,
    KEYRING: JSON.stringify(keys),
    BOTS_DIR: botsDir,
    LOG_LEVEL: 'info',
  }
  const hosts = [...shards].map(([id, { primary, standby }]) => ({ id, hosts: [primary.url(), standby.url()] }))
  await runToEnd('apps/admin/src/migrate.ts', { ...common, SHARDS: JSON.stringify(hosts) })
  await runToEnd('apps/worker/src/migrate.ts', common)
  const db = stack.adopt(createControlDatabase({ url: control.url, poolSize: 2, logger }), it => it.destroy())
  const credentials = { token: `1:${'A'.repeat(35)}`, webhookSecret: 'sesame', apiRoot: options.apiRoot }
  await createBotStore(db, keyring).insert({ id: bot, platform: 'telegram', handler: bot, credentials, settings: {} })
  const map = await createShardMapStore(db).current()
  if (map === undefined) throw new Error('The migration made no shard map')

  const redis = stack.adopt(createRedis({ url: server.url, logger, name: 'drill', role: 'commands' }), it =>
    it.disconnect(),
  )
  const writer = stack.adopt(createMailboxWriter({ redis, shards: 1 }), it => it.close())
  const workers: TestProcess[] = []
  stack.defer(async () => void (await Promise.all(workers.map(it => it.kill('SIGTERM')))))
  const startWorker = async () => {
    const env = {
      ...common,
      REDIS_URL: server.url,
      NAMING_KEY: namingKey.toString('base64'),
      WORKER_OPS_HOST: '127.0.0.1',
      WORKER_OPS_PORT: String(await freePort()),
      ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
      EXPECTED_INSTANCES: String(options.workers),
    }
    const child = await startProcess(file('apps/worker/src/server.ts'), { env })
    workers.push(child)
    await child.waitForLine('"msg":"ready"')
  }
  for (let n = 0; n < options.workers; n++) await startWorker()

  const ownership = stack.move()
  return {
    ...{ shards, map, keyring, naming: createNaming(namingKey), writer, workers },
    async replaceWorker() {
      // Killed, it would leave replies behind that nobody knows to have been sent: those would come twice, as they should.
      await workers.find(it => it.running)?.kill('SIGTERM')
      await startWorker()
    },
    close: () => ownership.disposeAsync(),
  }
}

async function runToEnd(path: string, env: Record<string, string>): Promise<void> {
  const child = await startProcess(file(path), { env })
  const { code } = await child.exited
  if (code !== 0) throw new Error(`${path} ended with ${code}:\n${child.lines.join('\n')}`)
}
