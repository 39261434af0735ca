import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from 'pino'

/**
 * What a connection is for. `commands`: fails fast while Redis is away, for whoever must answer a caller. `worker`: waits
 * for Redis as long as it takes, as BullMQ's workers demand. `subscriber`: pub/sub; subscribes again after an outage. `bulk`: as
 * `commands`, for commands of many megabytes, which take their time.
 */
export type RedisRole = 'commands' | 'bulk' | 'worker' | 'subscriber'

/** Longest pause between two attempts to connect, in ms: how late at most a recovery is noticed. */
const MAX_RECONNECT_MS = 1_000

/** A command without an answer for that long has failed (its outcome is unknown), in ms. */
const COMMAND_TIMEOUT_MS = 2_000

/** The same of a command of many megabytes: no platform waits longer for the answer to its call, in ms. */
const BULK_TIMEOUT_MS = 10_000

/** A connection that owes an answer and stays silent for that long is dead (a lost host sends no FIN), in ms. */
const SILENCE_MS = 5_000

/** Without `replyMapping`, whose generic type wants to be inferred. */
type Options = Omit<RedisOptions, 'replyMapping'>

const shared: Options = {
  connectTimeout: 2_000,
  keepAlive: 10_000,
  // While Redis loads its AOF the client asks again at least that often, in ms.
  maxLoadingRetryTime: 250,
  retryStrategy: attempt => Math.min(25 * 2 ** Math.min(attempt, 8), MAX_RECONNECT_MS) * (0.75 + Math.random() / 4),
  // A primary that became a replica answers READONLY on the old connection for ever; a new one finds the new primary.
  reconnectOnError: error => error.message.startsWith('READONLY'),
  disableClientInfo: true,
}

const failFast: Options = {
  enableOfflineQueue: false,
  // Zero retries: what was under way when the connection broke fails at once instead of being sent twice.
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_TIMEOUT_MS,
  socketTimeout: SILENCE_MS,
}

const byRole: Record<RedisRole, Options> = {
  commands: failFast,
  bulk: { ...failFast, commandTimeout: BULK_TIMEOUT_MS, socketTimeout: BULK_TIMEOUT_MS },
  worker: { maxRetriesPerRequest: null },
  subscriber: { maxRetriesPerRequest: null },
}

/**
 * A Redis client that connects at once and reconnects for ever by itself, also when Redis is away or still loading at
 * creation. Never throws nor emits an unhandled error; an outage is one log line when it begins and one when it ends.
 */
export function createRedis({
  url,
  logger,
  name,
  role,
}: {
  url: string
  logger: Logger
  name: string
  role: RedisRole
}): Redis {
  const redis = new Redis(url, { ...shared, ...byRole[role], connectionName: `${name}:${role}` })
  logOutages(redis, logger.child({ redis: name, role }))
  return redis
}

function logOutages(redis: Redis, logger: Logger): void {
  let awaySinceMs: number | undefined
  let closing = false
  const away = (err?: Error) => {
    if (awaySinceMs !== undefined || closing) return
    awaySinceMs = performance.now()
    logger.error({ err }, 'redis is away')
  }
  redis.on('error', away)
  // Quit and disconnect end with 'close' too, without 'reconnecting'.
  redis.on('reconnecting', () => away())
  redis.on('end', () => {
    closing = true
  })
  redis.on('ready', () => {
    closing = false
    if (awaySinceMs === undefined) return
    logger.info({ awayMs: Math.round(performance.now() - awaySinceMs) }, 'redis is back')
    awaySinceMs = undefined
  })
}
