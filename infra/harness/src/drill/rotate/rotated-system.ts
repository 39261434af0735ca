import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ControlDatabase, createBotStore, createControlDatabase, migrateControl } from '@botyard/control-database'
import { createBroadcastStore } from '@botyard/control-database/broadcasts'
import { createKeyring } from '@botyard/service-kit'
import { freePort, startPostgres, startProcess, startRedis, type TestProcess } from '@botyard/testkit'
import { pino } from 'pino'
import { createKeyFiles, type KeyFiles, newKey } from './key-files.ts'

/** A gateway, workers and the admin app on a Redis and a Postgres of their own, each with its keyring in a file. */
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
const app = (path: string) => fileURLToPath(new URL(`../../../../../apps/${path}.ts`, import.meta.url))

/** Starts it all; resolves when every process is ready. */
export async function startRotatedSystem(options: {
  apiRoot: string
  workers: number
  recipients: number
}): Promise<RotatedSystem> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'botyard-rotate-')), it => rm(it, { recursive: true }))
  const workers = Array.from({ length: options.workers }, (_, n) => `worker-${n + 1}`)
  const files = await createKeyFiles(folder, ['gateway', 'admin', ...workers])
  const [redis, postgres] = await Promise.all([startRedis({ appendfsync: 'always' }), startPostgres()])
  stack.defer(() => redis.stop())
  stack.defer(() => postgres.stop())
  const db = stack.adopt(createControlDatabase({ url: postgres.url, poolSize: 5, logger }), it => it.destroy())
  await migrateControl(db, logger)
  const secret = 'correct-horse-battery-staple'
  const broadcast = await fill(db, files, { ...options, secret })

  const [gatewayPort, adminPort] = [await freePort(), await freePort()]
  const jwtKeys = JSON.stringify({ active: 'a1', keys: { a1: newKey() } })
  const common = {
    REDIS_URL: redis.url,
    CONTROL_DATABASE_URL: postgres.url,
    NAMING_KEY: newKey(),
    PUBLIC_URL: 'https://bots.example.com',
    BOTS_DIR: fileURLToPath(new URL('../../../../../packages/example-bots/src', import.meta.url)),
    ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
    LOG_LEVEL: 'info',
  }
  const processes = new Map<string, TestProcess>()
  const start = async (name: string, file: string, env: Record<string, string>) => {
    const own = { KEYRING: undefined, KEYRING_FILE: files.pathOf(name) }
    const child = await startProcess(app(file), { env: { ...common, ...own, ...env } })
    processes.set(name, child)
    stack.defer(async () => void (await child.kill('SIGTERM')))
    await child.waitForLine('"msg":"ready"')
  }
  await Promise.all([
    start('gateway', 'ingest-gateway/src/server', {
      ...{ GATEWAY_HOST: '127.0.0.1', GATEWAY_PORT: String(gatewayPort), GATEWAY_OPS_PORT: String(await freePort()) },
    }),
    start('admin', 'admin/src/server', {
      ...{ ADMIN_PORT: String(adminPort), ADMIN_OPS_PORT: String(await freePort()) },
      ...{ JWT_KEYS: jwtKeys, KEY_SETTLE_MS: String(settleMs), ADMIN_LIMIT_PER_MINUTE: '100000' },
    }),
    ...(await Promise.all(workers.map(async name => [name, String(await freePort())] as const))).map(([name, port]) =>
      start(name, 'worker/src/server', { WORKER_OPS_HOST: '127.0.0.1', WORKER_OPS_PORT: port }),
    ),
  ])
  const issued = await startProcess(app('admin/src/issue-token'), {
    args: ['--role', 'owner', '--subject', 'drill'],
    env: { JWT_KEYS: jwtKeys },
  })
  await issued.exited
  const ownership = stack.move()
  return {
    ...{ db, files, processes, broadcast },
    admin: { url: `http://127.0.0.1:${adminPort}`, token: issued.lines[0] ?? '' },
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
  const credentials = { token: `1:${'A'.repeat(35)}`, webhookSecret: secret, apiRoot }
  // A broadcast as fast as the platform lets those who pay: it is not what is tried here.
  const settings = { limits: { perSecond: 1_000 } }
  await createBotStore(db, keyring).insert({ id: bot, platform: 'telegram', handler: 'echo', credentials, settings })
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
