import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { type ControlDatabase, createControlDatabase } from '@botyard/control-database'
import { createShardStore } from '@botyard/control-database/shards'
import { createTokens } from '@botyard/mailbox'
import { adapters } from '@botyard/platforms'
import {
  createKeyring,
  createRedis,
  createTargetGuard,
  type LiveKeyring,
  type TargetGuard,
} from '@botyard/service-kit'
import { given } from '@botyard/testkit'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Redis } from 'ioredis'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import type { Role } from '../src/actor.ts'
import { type AdminFoundations, type AppOptions, buildApp } from '../src/app.ts'
import { signToken } from '../src/sign-token.ts'

const newKey = () => randomBytes(32).toString('base64')

/** Two keys whose tokens are valid; `a2` signs. */
export const jwtKeys = { active: 'a2', keys: { a1: newKey(), a2: newKey() } }
export const keyring = createKeyring({ active: 'k1', keys: { k1: newKey() } })
export const silent = pino({ level: 'silent' })

export const telegramCredentials = {
  token: '123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0',
  webhookSecret: 'correct-horse-battery-staple',
}

/** A valid token, one hour long. */
export function tokenOf(role: Role): string {
  return signToken(jwtKeys, { subject: `${role}-alice`, role, hours: 1 })
}

/** The real adapters, but for asking platforms who a bot is: that would leave this machine. */
export const offlineAdapters = Object.fromEntries(
  Object.entries(adapters).map(([platform, { identify, ...adapter }]) => [platform, adapter]),
) as unknown as typeof adapters

/** What a test can look at. */
export interface TestApp {
  readonly app: FastifyInstance
  readonly targets: TargetGuard
  readonly logText: () => string
  readonly events: { event: string; fields: Record<string, unknown> }[]
  /** A request with a token of that role, an owner's by default. */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    role?: Role,
  ): Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers: Record<string, unknown>
}

/** Builds the real app; the control database and Redis are away unless given. */
export async function build(
  t: TestContext,
  {
    db,
    redis,
    sessionRedis,
    keyring: ring = keyring,
    options = {},
    onWake = () => {},
    adapters = offlineAdapters,
  }: {
    adapters?: AdminFoundations['adapters']
    db?: ControlDatabase
    redis?: Redis
    /** The same as `redis` unless given. */
    sessionRedis?: Redis
    keyring?: LiveKeyring
    onWake?: () => void
    options?: Partial<AppOptions>
  } = {},
): Promise<TestApp> {
  const lines: string[] = []
  const events: TestApp['events'] = []
  const client = redis ?? openRedis(t, 'redis://127.0.0.1:1')
  const partitions = options.partitions ?? 1
  const drains = createTokens({ redis: client, partitions })
  const targets = createTargetGuard({ allow: ['127.0.0.1'] })
  const control = db ?? openDatabase(t, 'postgres://postgres@127.0.0.1:1/away')
  const foundations: AdminFoundations = {
    adapters,
    controlDatabase: control,
    tokens: drains,
    keyring: ring,
    moves: { control, shards: createShardStore(control, ring), redis: client, logger: silent },
    moveRunner: { wake: onWake },
    redis: { commands: client },
    sessionRedis: sessionRedis ?? client,
    security: (event, fields) => void events.push({ event, fields }),
    targets,
  }
  const app = buildApp(
    {
      foundations: given(foundations),
      logger: pino({ level: 'trace' }, { write: line => void lines.push(line) }),
      registry: new Registry(),
    },
    {
      jwtKeys: () => jwtKeys,
      keySettleMs: 0,
      limitPerMinute: 1_000,
      publicUrl: 'https://bots.example.com',
      partitions,
      trustProxy: [],
      ...options,
    },
  )
  t.after(async () => {
    await app.close()
    await drains.close()
    await targets.dispatcher.close()
  })
  await app.ready()
  return {
    app,
    targets,
    events,
    logText: () => lines.join(''),
    async call(method, path, body, role = 'owner') {
      const request: InjectOptions = {
        method,
        url: `/api/v1${path}`,
        headers: { authorization: `Bearer ${tokenOf(role)}` },
        ...(body !== undefined && { payload: body }),
      }
      const answer = await app.inject(request)
      return {
        status: answer.statusCode,
        body: answer.payload ? answer.json() : undefined,
        headers: answer.headers,
      }
    },
  }
}

export function openDatabase(t: TestContext, url: string): ControlDatabase {
  const db = createControlDatabase({ url, poolSize: 5, logger: silent })
  t.after(() => db.destroy())
  return db
}

export function openRedis(t: TestContext, url: string, role: 'commands' | 'subscriber' = 'commands'): Redis {
  const redis = createRedis({ url, logger: silent, name: 'test', role })
  t.after(() => redis.disconnect())
  return redis
}

/** The code of an error answer. */
export function codeOf(answer: { body: unknown }): string {
  return (answer.body as { error: { code: string } }).error.code
}
