import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type BotDefinition, type BotParts, defineBot } from '@botyard/bot-kit'
import type { Bot, DeadLetter, ErasureStore } from '@botyard/control-database'
import type { BroadcastStore } from '@botyard/control-database/broadcasts'
import { buildApp, type GatewayFoundations } from '@botyard/ingest-gateway/app'
import { type CallWaiter, createCallWaiter } from '@botyard/ingest-gateway/call-waiter'
import { createMailboxWriter } from '@botyard/mailbox'
import { adapters, type WebhookRequest } from '@botyard/platforms'
import type { BotIdentity, BotSettings, Platform } from '@botyard/queue-contracts'
import { createSendLimits } from '@botyard/send-limits'
import { createKeyring, createNaming, createRedis } from '@botyard/service-kit'
import { given, startRedis } from '@botyard/testkit'
import { buildApp as buildWorker, type WorkerFoundations } from '@botyard/worker/app'
import { createMetrics } from '@botyard/worker/metrics'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { Agent, type buildConnector } from 'undici'
import { startPlatformApi } from './platform-api.ts'

export { until } from '@botyard/testkit'

/** A bot to be added to a {@link startRig}. */
export interface RigBot {
  readonly platform: Platform
  readonly credentials: unknown
  readonly handler: BotParts
  readonly settings?: BotSettings
  readonly identity?: BotIdentity
}

/**
 * One gateway, one worker and one Redis, put together as their servers do: what a platform calls comes out at
 * a bot, and what the bot sends at `api`, whatever the address. `waiterOf` changes how calls wait.
 */
export async function startRig({ waiterOf = (waiter: CallWaiter): Pick<CallWaiter, 'wait'> => waiter } = {}) {
  const server = await startRedis()
  const logger = pino({ level: 'silent' })
  const accepted: Record<string, unknown>[] = []
  const open = (role: 'worker' | 'commands' | 'subscriber') =>
    createRedis({ url: server.url, logger, name: 'test', role })
  const clients = [open('commands'), open('subscriber'), open('worker'), open('commands')] as const
  const [redis, subscriber, workerRedis, limitsRedis] = clients
  for (const client of clients) if (client.status !== 'ready') await once(client, 'ready')
  const keyring = createKeyring({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } })
  const naming = createNaming(randomBytes(32))
  const api = await startPlatformApi()
  const dispatcher = new Agent()
  const toApi = new Agent({ connect: connectorTo(api.port) })
  const bots = new Map<string, Bot>()
  const handlers = new Map<string, BotDefinition>()
  const letters: DeadLetter[] = []

  const mailbox = createMailboxWriter({ redis, partitions: 2 })
  const waiter = createCallWaiter({ subscriber, keyring, logger })
  const gatewayFoundations: GatewayFoundations = {
    adapters,
    bots: { get: id => bots.get(id), all: () => bots.values(), isUnreadable: () => false },
    callWaiter: waiterOf(waiter),
    keyring,
    mailbox,
    naming,
    redis: { commands: redis },
    security: () => undefined,
    targets: { dispatcher },
  }
  const app = buildApp(
    {
      foundations: given(gatewayFoundations),
      logger: pino({ base: null, level: 'debug' }, { write: line => accepted.push(JSON.parse(line)) }),
      registry: new Registry(),
    },
    {
      publicUrl: 'https://bots.example',
      trustProxy: [],
      maxBodyBytes: 26 * 1024 * 1024,
      ipLimitPerMinute: 1e9,
      ipFailuresPerMinute: 1e9,
      maxBytesInFlight: 96 * 1024 * 1024,
      maxBytesInFlightPerAddress: 32 * 1024 * 1024,
      maxConnections: 1_000,
      maxConnectionsPerAddress: 1_000,
      keepAliveMs: 60_000,
      userLimit: { perSecond: 1e6, burst: 1e6 },
      maxBacklog: { updates: 1_000_000, bytes: 1024 ** 3 },
      timeoutMs: 1_800,
      partitions: 2,
    },
  )
  await app.ready()
  const noBroadcasts = {
    lease: async () => ({ broadcasts: [], unreadable: [] }),
    pending: async () => [],
    prune: async () => 0,
  }
  const foundations: WorkerFoundations = {
    adapters,
    addReadyCheck: () => undefined,
    bots: {
      all: () => bots.values(),
      get: id => bots.get(id),
      lookup: async id => bots.get(id),
      onChange: () => undefined,
    },
    broadcastStore: noBroadcasts as unknown as BroadcastStore,
    deadLetterStore: {
      insert: async rows => void letters.push(...rows),
      list: async () => letters,
      prune: async () => 0,
    },
    erasureStore: { lease: async () => undefined } as unknown as ErasureStore,
    handlers,
    keyring,
    missingHandlers: { met: () => 2_000 },
    naming,
    openData: () => {
      throw new Error('no users here')
    },
    redis: { worker: workerRedis },
    sendLimits: createSendLimits({ redis: limitsRedis, naming }),
    // As the control database and its notices do.
    storeIdentity: async ({ id, version }, identity) => {
      const known = bots.get(id)
      if (known?.version !== version) return 'superseded'
      bots.set(id, { ...known, identity: { ...known.identity, ...identity }, version: version + 1 })
      return 'changed'
    },
    targets: { dispatcher: toApi },
    tasks: { of: () => () => Promise.reject(new Error('no threads here')) },
    tenantCredentials: async () => undefined,
    userShards: { each: async () => [], map: { version: 1, ranges: [] } },
  }
  const worker = buildWorker(
    {
      foundations: given(foundations),
      metrics: createMetrics(new Registry()),
      registry: new Registry(),
      stopping: new AbortController().signal,
      logger,
    },
    {
      partitions: 2,
      concurrency: 50,
      sendConcurrency: 50,
      handlerTimeoutMs: 30_000,
      graceMs: 0,
      replicas: 0,
      stalledAfterMs: 30_000,
    },
  )
  await worker.ready()

  return {
    app,
    api,
    redis,
    letters,
    /** The gateway's lines on updates that it took. */
    accepted,
    /** Whether nothing waits and nothing is in hand. */
    async isIdle() {
      return (
        worker.inbox.holding + worker.outbox.holding === 0 && (await redis.keys('*:mb:*box:m:*')).length === 0
      )
    },
    add(id: string, { platform, credentials, handler, settings = {}, identity }: RigBot) {
      const now = new Date(0)
      handlers.set(id, defineBot(handler))
      const owned = { uid: id, recreated: false, version: 1, createdAt: now, updatedAt: now }
      const bot: Bot = { ...owned, id, platform, handler: id, credentials, settings }
      bots.set(id, identity === undefined ? bot : { ...bot, identity })
    },
    /** Changes a bot's settings, as the admin app does. */
    change(id: string, settings: BotSettings) {
      const bot = bots.get(id)!
      bots.set(id, { ...bot, settings, version: bot.version + 1 })
    },
    /** Why the conversations that wait for an operator do. */
    async parked() {
      const names = await Promise.all(
        [0, 1].map(partition => redis.zrange(`{p${partition}}:mb:inbox:parked`, '0', '-1')),
      )
      return Promise.all(
        names.flatMap((all, partition) =>
          all.map(async name => {
            // The bytes that wait with it stand before the reason.
            const stored = await redis.hget(`{p${partition}}:mb:inbox:reasons`, name)
            return stored?.slice(stored.indexOf(' ') + 1)
          }),
        ),
      )
    },
    identityOf: (id: string) => bots.get(id)?.identity,
    /** Calls a bot's webhook as the platform does. */
    call(bot: string, { method, url, headers, body }: WebhookRequest) {
      const sent = Object.entries(headers).filter(([, value]) => value !== undefined)
      return app.inject({
        method: method as 'POST',
        url: `/hooks/${bots.get(bot)?.platform}/${bot}${new URL(url).search}`,
        headers: Object.fromEntries(sent) as Record<string, string>,
        payload: body,
      })
    },
    async close() {
      await app.close()
      await waiter.close()
      await worker.close()
      await mailbox.close()
      for (const client of clients) client.disconnect()
      await dispatcher.destroy()
      await toApi.destroy()
      await api.close()
      await server.stop()
    },
  }
}

/** Platforms that are really out there get nothing from a test. */
function connectorTo(port: number): buildConnector.connector {
  return (_options, callback) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => callback(null, socket))
    socket.once('error', error => callback(error, null))
  }
}

/** What {@link startRig} resolves to. */
export type Rig = Awaited<ReturnType<typeof startRig>>
