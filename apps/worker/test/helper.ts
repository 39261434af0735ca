import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { type BotDefinition, type BotParts, defineBot } from '@botyard/bot-kit'
import type { Bot, DeadLetter, ErasureStore } from '@botyard/control-database'
import type { BroadcastStore } from '@botyard/control-database/broadcasts'
import { createMailboxWriter, createTokens } from '@botyard/mailbox'
import { adapters } from '@botyard/platforms'
import {
  type BotSettings,
  type ConversationKey,
  encodeInbound,
  type InboundUpdate,
} from '@botyard/queue-contracts'
import { createSendLimits } from '@botyard/send-limits'
import { createKeyring, createNaming, createRedis, type Keyring } from '@botyard/service-kit'
import { given, startRedis } from '@botyard/testkit'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { Agent } from 'undici'
import { type AppDeps, type AppOptions, buildApp, type WorkerFoundations } from '../src/app.ts'
import { createMetrics } from '../src/metrics.ts'
import { createTaskMetrics } from '../src/tasks/task-metrics.ts'
import { createTaskPool } from '../src/tasks/task-pool.ts'
import { startBotApi } from './bot-api.ts'

export { until } from '@botyard/testkit'

/** A store without broadcasts. */
const noBroadcasts: BroadcastStore = {
  outstanding: async () => [],
  create: async () => 'none',
  addRecipients: async () => undefined,
  start: () => Promise.reject(new Error('none')),
  abandon: async () => undefined,
  get: async () => undefined,
  list: async () => [],
  steer: async () => undefined,
  results: async () => [],
  lease: async () => ({ broadcasts: [], unreadable: [] }),
  handBack: async () => undefined,
  recipients: async () => [],
  release: async () => false,
  pending: async () => [],
  record: async () => undefined,
  prune: async () => 0,
}

/** A store without erasures. */
const noErasures: ErasureStore = {
  order: () => Promise.reject(new Error('none')),
  list: async () => [],
  lease: async () => undefined,
  progress: async () => false,
  finish: async () => false,
}

/** A key of a keyring. */
export const newKey = () => randomBytes(32).toString('base64')

/** What a test changes of an update. */
export interface UpdateOptions {
  readonly bot?: string
  readonly id?: string
  readonly user?: string
  readonly kind?: InboundUpdate['kind']
  readonly fromBot?: true
  readonly keyring?: Keyring
  readonly respond?: InboundUpdate['respond']
}

/** What a test changes of a worker. */
export type StartOverrides = Partial<WorkerFoundations & Pick<AppDeps, 'logger' | 'metrics'>>

/** A worker that works. */
export interface TestWorker {
  /** Conversations in hand. */
  readonly holding: number
  close(): Promise<void>
}

/** A bot without a row in a database. */
export function botOfSettings(id: string, apiRoot: string, settings: BotSettings = {}): Bot {
  const now = new Date(0)
  const credentials = { token: '1:a', webhookSecret: 'sesame', apiRoot }
  return {
    id,
    uid: id,
    recreated: false,
    platform: 'telegram',
    handler: id,
    credentials,
    settings,
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}

/**
 * Everything around a worker: a real Redis of its own, the gateway's end of the mailbox, a Bot API on
 * loopback, and dead letters in memory. `bots` are handlers with settings by bot id; what is opened is closed
 * when the test ends.
 */
export async function rig(
  t: TestContext,
  bots: Record<string, BotParts & { settings?: BotSettings }>,
  { namingKey = randomBytes(32), key = newKey() } = {},
) {
  const closers: (() => unknown)[] = []
  t.after(async () => {
    for (const close of closers.reverse()) await close()
  })
  const server = await startRedis()
  closers.push(() => server.stop())
  const api = await startBotApi()
  closers.push(() => api.close())
  const logger = pino({ level: 'silent' })
  const open = () => {
    const client = createRedis({ url: server.url, logger, name: 'test', role: 'worker' })
    closers.push(() => client.disconnect())
    return client
  }
  const keyring = createKeyring({ active: 'k1', keys: { k1: key } })
  const naming = createNaming(namingKey)
  const directory = new Map<string, Bot>()
  const handlers = new Map<string, BotDefinition>()
  for (const [id, { settings, ...parts }] of Object.entries(bots)) {
    directory.set(id, botOfSettings(id, api.url, settings))
    handlers.set(id, defineBot(parts))
  }
  const letters: DeadLetter[] = []
  const redis = open()
  const writer = createMailboxWriter({ redis, partitions: 1 })
  const tokens = createTokens({ redis, partitions: 1 })
  const dispatcher = new Agent()
  closers.push(async () => {
    await writer.close()
    await tokens.close()
    await dispatcher.destroy()
  })
  const changes: (() => void)[] = []
  let lastId = 1000
  const only = Object.keys(bots)[0]!
  const conversation = (chat: number, bot = only): ConversationKey =>
    naming.conversation(bot, 'telegram', String(chat))

  return {
    server,
    redis,
    api,
    key,
    keyring,
    naming,
    directory,
    /** Changes a bot as the admin app does. */
    change(bot: Bot) {
      directory.set(bot.id, bot)
      for (const listener of changes) listener()
    },
    letters,
    tokens,
    conversation,
    /** Has something closed when the test ends, before all that was opened earlier. */
    closing: (close: () => unknown) => void closers.push(close),
    /** Stores an update as the gateway does; answers its id. */
    async deliver(
      chat: number,
      text: string,
      { bot = only, id = String(++lastId), ...more }: UpdateOptions = {},
    ) {
      const name = conversation(chat, bot)
      const hash = naming.update(bot, id)
      const { user, kind = 'message', fromBot, keyring: sealer = keyring, respond } = more
      const update: InboundUpdate = {
        id,
        bot,
        platform: 'telegram',
        kind,
        conversation: String(chat),
        ...(user !== undefined && { user }),
        ...(fromBot && { fromBot }),
        text,
        ...(respond !== undefined && { respond }),
        receivedAtMs: Date.now(),
      }
      const raw = Buffer.from(JSON.stringify({ update_id: Number(id), text }))
      await writer.deliver({
        conversation: name,
        update: hash,
        body: sealer.seal(encodeInbound(update, raw), `${name}|${hash.toString('base64url')}`),
        windowMs: 60_000,
        ...(user !== undefined && { user: naming.user(bot, 'telegram', user) }),
        userLimit: directory.get(bot)?.settings.userLimit,
      })
      return id
    },
    /** Starts a worker on a connection of its own; it leaves nothing a grace unless the options do. */
    async start(
      { logger: log = logger, metrics = createMetrics(new Registry()), ...changed }: StartOverrides = {},
      options: Partial<AppOptions> = {},
    ): Promise<TestWorker> {
      const taskMetrics = createTaskMetrics(new Registry(), 2)
      const threads = {
        threads: 2,
        queue: 100,
        timeoutMs: 10_000,
        memoryMb: 256,
        metrics: taskMetrics,
        logger,
      }
      const tasks = createTaskPool(threads)
      closers.push(() => tasks.close())
      const foundations: WorkerFoundations = {
        adapters,
        addReadyCheck: () => undefined,
        bots: {
          all: () => directory.values(),
          get: id => directory.get(id),
          lookup: async id => directory.get(id),
          onChange: listener => void changes.push(listener),
        },
        broadcastStore: noBroadcasts,
        deadLetterStore: {
          async insert(rows) {
            for (const row of rows) if (!letters.some(({ id }) => id === row.id)) letters.push(row)
          },
          list: async () => letters,
          prune: async () => 0,
        },
        erasureStore: noErasures,
        handlers,
        keyring,
        missingHandlers: { met: () => 2_000 },
        naming,
        openData: () => {
          throw new Error('no users here')
        },
        redis: { worker: open() },
        sendLimits: createSendLimits({ redis: open(), naming }),
        // As the control database and its notices do.
        storeIdentity: async ({ id, version }, identity) => {
          const known = directory.get(id)
          if (known?.version !== version) return 'superseded'
          directory.set(id, { ...known, identity: { ...known.identity, ...identity }, version: version + 1 })
          return 'changed'
        },
        targets: { dispatcher },
        tasks,
        tenantCredentials: async () => undefined,
        userShards: { each: async () => [], map: { version: 1, ranges: [] } },
        ...changed,
      }
      const app = buildApp(
        {
          foundations: given(foundations),
          ...{ logger: log, metrics, registry: new Registry(), stopping: new AbortController().signal },
        },
        {
          partitions: 1,
          concurrency: 50,
          sendConcurrency: 50,
          handlerTimeoutMs: 30_000,
          graceMs: 0,
          replicas: 0,
          stalledAfterMs: 30_000,
          ...options,
        },
      )
      closers.push(() => app.close())
      await app.ready()
      return {
        get holding() {
          return app.inbox.holding + app.outbox.holding
        },
        close: () => app.close(),
      }
    },
    /** How many entries wait in a chat's box. */
    waiting: (box: 'inbox' | 'outbox', chat: number, bot = only) =>
      redis.llen(`{p0}:mb:${box}:m:${conversation(chat, bot)}`),
    parked: async (box: 'inbox' | 'outbox', chat: number, bot = only) =>
      (await redis.zscore(`{p0}:mb:${box}:parked`, conversation(chat, bot))) !== null,
  }
}
