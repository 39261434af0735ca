import type { RedisOptions } from 'ioredis'

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
export const bulkTimeoutMs = 10_000

/** Without `replyMapping`, whose generic type wants to be inferred. */
export type ClientOptions = Omit<RedisOptions, 'replyMapping'>

/** What all connections have in common. */
export const shared: ClientOptions = {
  connectTimeout: 2_000,
  keepAlive: 10_000,
  // While Redis loads its AOF the client asks again at least that often, in ms.
  maxLoadingRetryTime: 250,
  retryStrategy: attempt =>
    Math.min(25 * 2 ** Math.min(attempt, 8), maxReconnectMs) * (0.75 + Math.random() / 4),
  disableClientInfo: true,
}

const failFast: ClientOptions = {
  enableOfflineQueue: false,
  // Zero retries: what was under way when the connection broke fails at once instead of being sent twice.
  maxRetriesPerRequest: 0,
  commandTimeout: commandTimeoutMs,
}

/** What each role adds. */
export const byRole: Record<RedisRole, ClientOptions> = {
  commands: failFast,
  bulk: { ...failFast, commandTimeout: bulkTimeoutMs },
  worker: { maxRetriesPerRequest: null },
  subscriber: { maxRetriesPerRequest: null },
}
