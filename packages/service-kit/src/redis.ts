import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from 'pino'
import { guardSilence } from './guard-silence.ts'
import { createPacedReconnect } from './paced-reconnect.ts'
import { logRedisOutages } from './redis-outages.ts'

/**
 * What a connection is for. `commands`: fails fast while Redis is away, for code that must answer a caller.
 * `worker`: waits for Redis as long as it takes, as BullMQ's workers demand. `subscriber`: pub/sub;
 * subscribes again after an outage. `bulk`: as `commands`, for commands of many megabytes, which take their
 * time.
 */
export type RedisRole = 'commands' | 'bulk' | 'worker' | 'subscriber'

/** Longest pause between two attempts to connect, in ms: how late at most a recovery is noticed. */
const maxReconnectMs = 1_000

/** A command without an answer for that long has failed (its outcome is unknown), in ms. */
const commandTimeoutMs = 2_000

/** The same of a command of many megabytes: no platform waits longer for the answer to its call, in ms. */
const bulkTimeoutMs = 10_000

/**
 * A connection that owes an answer and stays silent for that long is dead (a lost host sends no FIN), in ms.
 */
const defaultSilenceMs = 4_000

/** Without `replyMapping`, whose generic type wants to be inferred. */
type Options = Omit<RedisOptions, 'replyMapping'>

const shared: Options = {
  connectTimeout: 2_000,
  keepAlive: 10_000,
  // While Redis loads its AOF the client asks again at least that often, in ms.
  maxLoadingRetryTime: 250,
  retryStrategy: attempt =>
    Math.min(25 * 2 ** Math.min(attempt, 8), maxReconnectMs) * (0.75 + Math.random() / 4),
  disableClientInfo: true,
}

const failFast: Options = {
  enableOfflineQueue: false,
  // Zero retries: what was under way when the connection broke fails at once instead of being sent twice.
  maxRetriesPerRequest: 0,
  commandTimeout: commandTimeoutMs,
}

const byRole: Record<RedisRole, Options> = {
  commands: failFast,
  bulk: { ...failFast, commandTimeout: bulkTimeoutMs },
  worker: { maxRetriesPerRequest: null },
  subscriber: { maxRetriesPerRequest: null },
}

/**
 * A Redis client that connects at once and reconnects for ever by itself, also when Redis is away, still
 * loading or silent. Never throws nor emits an unhandled error; an outage is one log line when it begins and
 * one when it ends. Its duplicates (BullMQ makes some) are the same, but for the log.
 */
export function createRedis({
  url,
  logger,
  name,
  role,
  // Megabytes take their time to be sent.
  silenceMs = role === 'bulk' ? bulkTimeoutMs : defaultSilenceMs,
}: {
  url: string
  logger: Logger
  name: string
  role: RedisRole
  /** How long the connection may owe an answer. */
  silenceMs?: number
}): Redis {
  const own = logger.child({ redis: name, role })
  const redis = careful(url, { ...shared, ...byRole[role], connectionName: `${name}:${role}` }, silenceMs)
  logRedisOutages(redis, own)
  return redis
}

/** A client that survives silence and a demoted primary, as all of its duplicates do. */
function careful(url: string | undefined, options: Options, silenceMs: number): Redis {
  const paced = { ...options, reconnectOnError: createPacedReconnect() }
  const redis = url === undefined ? new Redis(paced) : new Redis(url, paced)
  // Unheard, it would end the process; the log of an outage is the first client's.
  redis.on('error', () => undefined)
  guardSilence(redis, silenceMs)
  redis.duplicate = (override?: Partial<RedisOptions>) =>
    careful(undefined, { ...redis.options, ...override } as Options, silenceMs)
  return redis
}
