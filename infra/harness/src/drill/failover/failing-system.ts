import { randomBytes } from 'node:crypto'
import { createControlDatabase } from '@botyard/control-database'
import { createMailboxWriter, type MailboxWriter } from '@botyard/mailbox'
import { createKeyring, createNaming, createRedis, type Keyring, type Naming } from '@botyard/service-kit'
import { createShardMapStore, type ShardMap } from '@botyard/shard-routing'
import {
  type PostgresPair,
  startPostgres,
  startPostgresPair,
  startRedis,
  type TestProcess,
} from '@botyard/testkit'
import { pino } from 'pino'
import { newKeys, runAppScript, startWorker, telegramToken } from '../../shared/apps.ts'
import { addBot } from '../../shared/bots.ts'
import { botsFolder } from '../../shared/paths.ts'

/**
 * Workers on a Redis, a control database and user shards of their own; each shard has a synchronous standby.
 */
export interface FailingSystem {
  /** The bot's users belong to it by this id, which decides where they live. */
  readonly botUid: string
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

/** Starts it all, by the same migrations that an operator runs; resolves when every worker is ready. */
export async function startFailingSystem(options: {
  shards: number
  workers: number
  apiRoot: string
}): Promise<FailingSystem> {
  const keys = newKeys()
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
    BOTS_DIR: botsFolder('drill'),
  }
  const hosts = [...shards].map(([id, { primary, standby }]) => ({
    id,
    hosts: [primary.url(), standby.url()],
  }))
  await runAppScript('admin/src/migrate.ts', { ...common, SHARDS: JSON.stringify(hosts) })
  await runAppScript('worker/src/migrate.ts', common)
  const db = stack.adopt(createControlDatabase({ url: control.url, poolSize: 2, logger }), it => it.destroy())
  const credentials = { token: telegramToken(), webhookSecret: 'sesame', apiRoot: options.apiRoot }
  const { uid } = await addBot(db, keyring, {
    id: bot,
    platform: 'telegram',
    handler: bot,
    credentials,
    settings: {},
  })
  const map = await createShardMapStore(db).current()
  if (map === undefined) throw new Error('The migration made no shard map')

  const redis = stack.adopt(createRedis({ url: server.url, logger, name: 'drill', role: 'commands' }), it =>
    it.disconnect(),
  )
  const writer = stack.adopt(createMailboxWriter({ redis, partitions: 1 }), it => it.close())
  const workers: TestProcess[] = []
  stack.defer(async () => void (await Promise.all(workers.map(it => it.kill('SIGTERM')))))
  const addWorker = async () => {
    const env = {
      ...common,
      REDIS_URL: server.url,
      NAMING_KEY: namingKey.toString('base64'),
      EXPECTED_INSTANCES: String(options.workers),
    }
    workers.push(await startWorker(env))
  }
  for (let n = 0; n < options.workers; n++) await addWorker()

  const ownership = stack.move()
  return {
    ...{ botUid: uid, shards, map, keyring, naming: createNaming(namingKey), writer, workers },
    async replaceWorker() {
      // Killed, it would leave replies behind that nobody knows to have been sent: those would come twice, as
      // they should.
      await workers.find(it => it.running)?.kill('SIGTERM')
      await addWorker()
    },
    close: () => ownership.disposeAsync(),
  }
}
