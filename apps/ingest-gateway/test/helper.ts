import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import type { Bot } from '@botyard/control-database'
import type { Delivery, DeliveryOutcome } from '@botyard/mailbox'
import { adapters } from '@botyard/platforms'
import { decodeInbound, type InboundUpdate, PackedBytes } from '@botyard/queue-contracts'
import { createKeyring, createNaming } from '@botyard/service-kit'
import { given } from '@botyard/testkit'
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { Agent } from 'undici'
import { type AppOptions, buildApp, type GatewayFoundations } from '../src/app.ts'

/** The secret that the test bots are called with. */
export const secret = 'correct-horse-battery-staple'
const signingKey = randomBytes(32)

/** A Telegram bot `echo` and a custom bot `shop`. */
export const bots: Record<'echo' | 'shop', Bot> = {
  echo: bot('echo', 'telegram', { token: '1:a', webhookSecret: secret }),
  shop: bot('shop', 'custom', { secret: `whsec_${signingKey.toString('base64')}` }),
}

function bot(id: string, platform: Bot['platform'], credentials: unknown): Bot {
  const now = new Date(0)
  return {
    id,
    uid: id,
    recreated: false,
    platform,
    handler: 'echo',
    credentials,
    settings: {},
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}

/** What a test can look at. */
export interface TestApp {
  readonly app: FastifyInstance
  readonly deliveries: Delivery[]
  readonly logLines: Record<string, unknown>[]
  readonly events: { event: string; fields: Record<string, unknown> }[]
  readonly registry: Registry
  /** Opens a sealed update, as a worker would. */
  open(delivery: Delivery): { update: InboundUpdate; raw: Buffer }
  /** The same, of bodies so large that they were packed too. */
  openLarge(delivery: Delivery): Promise<{ update: InboundUpdate; raw: Buffer }>
}

/** What a test changes: `deliver` says what becomes of a delivery, `known` are the bots. */
export interface BuildOverrides {
  readonly deliver?: (delivery: Delivery) => Promise<DeliveryOutcome>
  readonly known?: readonly Bot[]
  readonly deps?: Partial<GatewayFoundations>
  readonly options?: Partial<AppOptions>
}

/**
 * Builds the real app with its real adapters, keyring and naming, on a Redis that is away and a mailbox that
 * says yes.
 */
export async function build(
  t: { after(hook: () => unknown): void },
  {
    deliver = async () => 'accepted',
    known = Object.values(bots),
    deps = {},
    options = {},
  }: BuildOverrides = {},
): Promise<TestApp> {
  const deliveries: Delivery[] = []
  const logLines: Record<string, unknown>[] = []
  const events: { event: string; fields: Record<string, unknown> }[] = []
  const registry = new Registry()
  const keyring = createKeyring({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } })
  const directory = new Map(known.map(bot => [bot.id, bot]))
  const dispatcher = new Agent()
  t.after(() => dispatcher.destroy())
  const foundations: GatewayFoundations = {
    adapters,
    bots: {
      get: id => directory.get(id),
      all: () => directory.values(),
      isUnreadable: id => id === 'sealed-away',
    },
    callWaiter: {
      wait: (_update, ms, id = '1') => ({
        respond: { channel: 'none', id, byMs: ms },
        answer: Promise.resolve(undefined),
        cancel() {},
      }),
    },
    keyring,
    mailbox: {
      deliver(delivery) {
        deliveries.push(delivery)
        return deliver(delivery)
      },
    },
    naming: createNaming(randomBytes(32)),
    redis: { commands: awayRedis(t) },
    security: (event, fields) => events.push({ event, fields }),
    targets: { dispatcher },
    ...deps,
  }
  const logger = pino({ base: null, level: 'debug' }, { write: line => logLines.push(JSON.parse(line)) })
  const app = buildApp(
    { foundations: given(foundations), logger, registry },
    {
      publicUrl: 'https://bots.example.com',
      trustProxy: [],
      maxBodyBytes: 1024 * 1024,
      ipLimitPerMinute: 600_000,
      ipFailuresPerMinute: 120,
      maxBytesInFlight: 96 * 1024 * 1024,
      maxBytesInFlightPerAddress: 32 * 1024 * 1024,
      maxConnections: 1_000,
      maxConnectionsPerAddress: 100,
      keepAliveMs: 60_000,
      userLimit: { perSecond: 50, burst: 500 },
      maxBacklog: { updates: 1_000_000, bytes: 1024 ** 3 },
      timeoutMs: 1_800,
      partitions: 1,
      drainMs: 20,
      ...options,
    },
  )
  t.after(() => app.close())
  await app.ready()

  const decoded = ({ conversation, update, body }: Delivery) =>
    decodeInbound(keyring.open(body, `${conversation}|${update.toString('base64url')}`))
  const open = (delivery: Delivery) => {
    const { update, raw } = decoded(delivery)
    assert.ok(raw instanceof Buffer, 'what tests store here is small')
    return { update, raw }
  }
  const openLarge = async (delivery: Delivery) => {
    const { update, raw } = decoded(delivery)
    return { update, raw: raw instanceof PackedBytes ? await raw.unpack() : raw }
  }
  return { app, deliveries, logLines, events, registry, open, openLarge }
}

/** A client without a server: every command fails at once, as while Redis is away. */
export function awayRedis(t: { after(hook: () => unknown): void }): Redis {
  const redis = new Redis('redis://127.0.0.1:1', {
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  })
  redis.on('error', () => undefined)
  t.after(() => redis.disconnect())
  return redis
}

/** A call of Telegram's with a text message. */
export function telegramCall(updateId: number, text = 'Hello', headers: Record<string, string> = {}) {
  const chat = { id: 424242, type: 'private', first_name: 'Ada' }
  const from = { id: 424242, is_bot: false, first_name: 'Ada' }
  const message = { message_id: updateId, date: 1_700_000_000, chat, from, text }
  return {
    method: 'POST' as const,
    url: '/hooks/telegram/echo',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret, ...headers },
    payload: JSON.stringify({ update_id: updateId, message }),
  }
}

/** A call of the custom channel, signed by the Standard Webhooks specification. */
export function customCall(payload: string, headers: Record<string, string> = {}) {
  const id = `msg_${randomBytes(6).toString('hex')}`
  const timestamp = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', signingKey).update(`${id}.${timestamp}.${payload}`).digest('base64')
  return {
    method: 'POST' as const,
    url: '/hooks/custom/shop',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
      ...headers,
    },
    payload,
  }
}
