import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ControlDatabase,
  createBotStore,
  createControlDatabase,
  migrateControl,
} from '@botyard/control-database'
import { createBroadcastStore } from '@botyard/control-database/broadcasts'
import { createKeyring } from '@botyard/service-kit'
import { freePort, startPostgres, startRedis, type TestProcess } from '@botyard/testkit'
import { pino } from 'pino'
import {
  type Env,
  issueToken,
  newKey,
  newKeys,
  startApp,
  startWorker,
  telegramToken,
} from '../../shared/apps.ts'
import { createKeyFiles, type KeyFiles } from './key-files.ts'

/**
 * A gateway, workers and the admin app on a Redis and a Postgres of their own, each with its keyring in a
 * file.
 */
export interface RotatedSystem {
  readonly db: ControlDatabase
  readonly files: KeyFiles
  readonly processes: ReadonlyMap<string, TestProcess>
  readonly admin: { readonly url: string; readonly token: string }
  readonly webhook: { readonly url: string; readonly secret: string }
  /** A broadcast that waits, whose recipients were sealed with the first key. */
  readonly broadcast: string
  close(): Promise<void>
}

/** The bot that people talk with, and that broadcasts. */
export const bot = 'talker'

/** How long no process must have sealed with a key that is to go, in ms. */
const settleMs = 1_500
const logger = pino({ level: 'silent' })

/** Starts it all; resolves when every process is ready. */
export async function startRotatedSystem(options: {
  apiRoot: string
  workers: number
  recipients: number
}): Promise<RotatedSystem> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'botyard-rotate-')), it =>
    rm(it, { recursive: true }),
  )
  const workers = Array.from({ length: options.workers }, (_, n) => `worker-${n + 1}`)
  const files = await createKeyFiles(folder, ['gateway', 'admin', ...workers])
  const [redis, postgres] = await Promise.all([startRedis({ appendfsync: 'always' }), startPostgres()])
  stack.defer(() => redis.stop())
  stack.defer(() => postgres.stop())
  const db = stack.adopt(createControlDatabase({ url: postgres.url, poolSize: 5, logger }), it =>
    it.destroy(),
  )
  await migrateControl(db, logger)
  const secret = 'correct-horse-battery-staple'
  const broadcast = await fill(db, files, { ...options, secret })

  const [gatewayPort, adminPort] = [await freePort(), await freePort()]
  const jwtKeys = JSON.stringify(newKeys('a1'))
  const common = {
    REDIS_URL: redis.url,
    CONTROL_DATABASE_URL: postgres.url,
    NAMING_KEY: newKey(),
    PUBLIC_URL: 'https://bots.example.com',
    ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
  }
  const gatewayPorts = {
    ...{
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(gatewayPort),
      GATEWAY_OPS_PORT: String(await freePort()),
    },
  }
  const adminSettings = {
    ...{ ADMIN_PORT: String(adminPort), ADMIN_OPS_PORT: String(await freePort()) },
    ...{ JWT_KEYS: jwtKeys, KEY_SETTLE_MS: String(settleMs), ADMIN_LIMIT_PER_MINUTE: '100000' },
  }
  const processes = new Map<string, TestProcess>()
  const environment = (name: string): Env => ({
    ...common,
    KEYRING: undefined,
    KEYRING_FILE: files.pathOf(name),
  })
  const keep = async (name: string, starting: Promise<TestProcess>) => {
    const child = await starting
    processes.set(name, child)
    stack.defer(async () => void (await child.kill('SIGTERM')))
  }
  await Promise.all([
    keep('gateway', startApp('ingest-gateway', { ...environment('gateway'), ...gatewayPorts })),
    keep('admin', startApp('admin', { ...environment('admin'), ...adminSettings })),
    ...workers.map(name => keep(name, startWorker(environment(name)))),
  ])
  const token = await issueToken(jwtKeys)
  const ownership = stack.move()
  return {
    ...{ db, files, processes, broadcast },
    admin: { url: `http://127.0.0.1:${adminPort}`, token },
    webhook: { url: `http://127.0.0.1:${gatewayPort}/hooks/telegram/${bot}`, secret },
    close: () => ownership.disposeAsync(),
  }
}

/** What is durable before the first rotation: the bot's credentials, and a broadcast that waits. */
async function fill(
  db: ControlDatabase,
  files: KeyFiles,
  { apiRoot, recipients, secret }: { apiRoot: string; recipients: number; secret: string },
): Promise<string> {
  const keyring = createKeyring(files.now)
  const credentials = { token: telegramToken(), webhookSecret: secret, apiRoot }
  // A broadcast as fast as the platform lets those who pay: it is not what is tried here.
  const settings = { limits: { perSecond: 1_000 } }
  await createBotStore(db, keyring).insert({
    id: bot,
    platform: 'telegram',
    handler: 'echo',
    credentials,
    settings,
  })
  const broadcasts = createBroadcastStore(db, keyring)
  const id = await broadcasts.create(bot, { text: 'to all' })
  for (let from = 0; from < recipients; from += 2_000) {
    const page = Array.from({ length: Math.min(2_000, recipients - from) }, (_, i) => ({
      conversation: String(from + i + 1),
    }))
    await broadcasts.addRecipients(id, from, page)
  }
  await broadcasts.start(id, recipients, true)
  return id
}
