import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type SimulatedBotApi, startBotApi } from '@botyard/platform-simulators'
import { freePort, startPostgres, startRedis, untilTrue } from '@botyard/testkit'
import { newKey, newKeys } from '../../shared/apps.ts'
import { botsFolder } from '../../shared/paths.ts'
import { type Container, runToEnd, startContainer } from './container.ts'
import type { Engine } from './engine.ts'
import { type Hold, startHold } from './hold.ts'

/** The app's name, and its image's. */
export const apps = ['ingest-gateway', 'worker', 'admin'] as const
export type App = (typeof apps)[number]

/** A Botyard whose apps and migrations are containers, on a real Redis and Postgres. */
export interface ContainedSystem {
  readonly api: SimulatedBotApi
  readonly hold: Hold
  readonly containers: Readonly<Record<App, Container>>
  /** Starts one more worker, of another image, which has bots of its own. */
  startWorker(name: string, image: string): Promise<Container>
  /** Starts one more gateway, with these variables besides. */
  startGateway(name: string, env: Readonly<Record<string, string>>): Promise<Container>
  /** Adds a bot of the one Telegram account, by the admin app in its container. */
  addBot(id: string): Promise<void>
  /** Sends an update to the gateway; resolves when the bot's answer has arrived. */
  say(bot: string, text: string): Promise<number>
  replied(text: string): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** What of a container is not as the app's others have it. */
interface Own {
  readonly image?: string
  readonly folders?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

const webhookSecret = 'sesame'

/** Migrates by the images' own commands, then starts one container of each app. */
export async function startContainedSystem(
  engine: Engine,
  folder: string,
  imageOf: (app: App) => string,
): Promise<ContainedSystem> {
  await using stack = new AsyncDisposableStack()
  stack.defer(async () => engine.close())
  const redis = stack.adopt(await startRedis({ appendfsync: 'always' }), it => it.stop())
  const postgres = stack.adopt(await startPostgres(), it => it.stop())
  const [control, shard] = [await postgres.createDatabase(), await postgres.createDatabase()]
  const api = stack.adopt(await startBotApi(), it => it.close())
  const hold = stack.adopt(await startHold(), it => it.close())
  const ports = { gateway: await freePort(), admin: await freePort() }
  const keys = JSON.stringify(newKeys())

  const secrets = secretFiles(join(folder, 'secrets'), {
    ...{ REDIS_URL: redis.url, CONTROL_DATABASE_URL: control, SHARD_DATABASE_URLS: shard },
    ...{ KEYRING: keys, NAMING_KEY: newKey(), JWT_KEYS: keys },
  })
  const addresses = { PUBLIC_URL: 'https://bots.example', ALLOW_PRIVATE_TARGETS: '127.0.0.0/8' }
  const bots = { '/bots': botsFolder('containers') }
  const common = ['REDIS_URL', 'CONTROL_DATABASE_URL', 'KEYRING'] as const
  const environments = {
    'ingest-gateway': {
      ...secrets.variables(...common, 'NAMING_KEY'),
      GATEWAY_PORT: String(ports.gateway),
    },
    worker: { ...secrets.variables(...common, 'NAMING_KEY'), HOLD_URL: hold.url },
    admin: { ...secrets.variables(...common, 'JWT_KEYS'), ADMIN_PORT: String(ports.admin) },
  }
  const opsVariables = {
    'ingest-gateway': 'GATEWAY_OPS_PORT',
    worker: 'WORKER_OPS_PORT',
    admin: 'ADMIN_OPS_PORT',
  }

  const start = async (
    app: App,
    name: string,
    { image = imageOf(app), folders = {}, env: own = {} }: Own = {},
  ) => {
    const opsPort = await freePort()
    const env = { ...addresses, ...environments[app], [opsVariables[app]]: String(opsPort), ...own }
    const container = await startContainer(engine, name, {
      ...{ image, env, opsPort },
      folders: { ...secrets.folders, ...folders },
    })
    await container.ready()
    return container
  }
  const run = (app: App, command: readonly string[], env: Record<string, string>, own = {}) =>
    runToEnd(engine, { image: imageOf(app), env, command, folders: { ...secrets.folders, ...own } })

  const migration = secrets.variables('CONTROL_DATABASE_URL', 'KEYRING')
  await run('admin', ['src/migrate.ts'], { ...migration, ...secrets.variables('SHARD_DATABASE_URLS') })
  await run('worker', ['src/migrate.ts'], migration, bots)
  const token = ['src/issue-token.ts', '--role', 'owner', '--subject', 'prove']
  const owner = (await run('admin', token, secrets.variables('JWT_KEYS'))).trim()
  const [gateway, worker, admin] = await Promise.all([
    start('ingest-gateway', 'gateway'),
    start('worker', 'worker', { folders: bots }),
    start('admin', 'admin'),
  ])

  let updates = 0
  const owned = stack.move()
  return {
    ...{ api, hold, containers: { 'ingest-gateway': gateway, worker, admin } },
    startWorker: (name, image) => start('worker', name, { image }),
    async startGateway(name, env) {
      return await start('ingest-gateway', name, { env: { GATEWAY_PORT: String(await freePort()), ...env } })
    },
    async addBot(id) {
      const credentials = { token: api.token, webhookSecret, apiRoot: api.url }
      const answer = await fetch(`http://127.0.0.1:${ports.admin}/api/v1/bots`, {
        method: 'POST',
        headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json' },
        body: JSON.stringify({ id, platform: 'telegram', handler: id, credentials }),
      })
      if (answer.status !== 201) throw new Error(`adding ${id}: ${answer.status} ${await answer.text()}`)
    },
    async say(bot, text) {
      const person = { id: 77, is_bot: false, first_name: 'Ada' }
      const message = { message_id: 1, date: 1, chat: { id: 77, type: 'private' }, from: person, text }
      const answer = await fetch(`http://127.0.0.1:${ports.gateway}/hooks/telegram/${bot}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': webhookSecret },
        body: JSON.stringify({ update_id: ++updates, message }),
      })
      return answer.status
    },
    replied: async text =>
      void (await untilTrue(() => api.sent.some(message => message.text === text), `the reply "${text}"`)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Secrets as files of one folder, which containers see as orchestrators show them. */
function secretFiles<Name extends string>(folder: string, values: Readonly<Record<Name, string>>) {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
  for (const [name, value] of Object.entries<string>(values)) writeFileSync(join(folder, name), value)
  return {
    folders: { '/run/secrets': folder },
    /** `NAME_FILE` of some of them. */
    variables: (...names: readonly Name[]): Record<string, string> =>
      Object.fromEntries(names.map(name => [`${name}_FILE`, `/run/secrets/${name}`])),
  }
}
