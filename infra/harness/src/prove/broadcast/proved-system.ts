import { randomBytes } from 'node:crypto'
import { createBotStore, createControlDatabase, migrateControl } from '@botyard/control-database'
import { type BroadcastStore, createBroadcastStore } from '@botyard/control-database/broadcasts'
import { createMailboxWriter, type MailboxWriter } from '@botyard/mailbox'
import type { BotSettings } from '@botyard/queue-contracts'
import { createKeyring, createNaming, createRedis, type Keyring, type Naming } from '@botyard/service-kit'
import { startPostgres, startRedis, type TestProcess } from '@botyard/testkit'
import { pino } from 'pino'
import { newKeys, startWorker, telegramToken } from '../../shared/apps.ts'

/** A bot of the proof; its token begins with `number`, so that the Bot API can tell the bots apart. */
export interface ProvedBot {
  readonly id: string
  readonly number: number
  readonly settings: BotSettings
}

/** Real worker processes on a Redis (AOF, fsync always) and a Postgres of their own. */
export interface ProvedSystem {
  readonly broadcasts: BroadcastStore
  readonly keyring: Keyring
  readonly naming: Naming
  /** The gateway's end of the mailbox. */
  readonly writer: MailboxWriter
  readonly workers: readonly TestProcess[]
  close(): Promise<void>
}

const logger = pino({ level: 'silent' })

/** Starts it all; resolves when every worker is ready. */
export async function startProvedSystem(options: {
  bots: readonly ProvedBot[]
  apiRoot: string
  workers: number
}): Promise<ProvedSystem> {
  const keys = newKeys()
  const namingKey = randomBytes(32)
  const keyring = createKeyring(keys)
  const naming = createNaming(namingKey)
  await using stack = new AsyncDisposableStack()
  const server = stack.adopt(await startRedis({ appendfsync: 'always' }), redis => redis.stop())
  const postgres = stack.adopt(await startPostgres(), database => database.stop())
  const db = stack.adopt(createControlDatabase({ url: postgres.url, poolSize: 5, logger }), it =>
    it.destroy(),
  )
  await migrateControl(db, logger)
  const store = createBotStore(db, keyring)
  for (const { id, number, settings } of options.bots) {
    const credentials = { token: telegramToken(number), webhookSecret: 'sesame', apiRoot: options.apiRoot }
    await store.insert({ id, platform: 'telegram', handler: 'echo', credentials, settings })
  }
  const redis = stack.adopt(
    createRedis({ url: server.url, logger, name: 'prove', role: 'commands' }),
    client => client.disconnect(),
  )
  const writer = stack.adopt(createMailboxWriter({ redis, partitions: 1 }), it => it.close())
  const workers: TestProcess[] = []
  for (let n = 0; n < options.workers; n++) {
    const env = {
      REDIS_URL: server.url,
      CONTROL_DATABASE_URL: postgres.url,
      KEYRING: JSON.stringify(keys),
      NAMING_KEY: namingKey.toString('base64'),
    }
    workers.push(stack.adopt(await startWorker(env), async it => void (await it.kill('SIGTERM'))))
  }
  const ownership = stack.move()
  const broadcasts = createBroadcastStore(db, keyring)
  return { broadcasts, keyring, naming, writer, workers, close: () => ownership.disposeAsync() }
}
