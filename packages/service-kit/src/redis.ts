import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from 'pino'
import { bulkTimeoutMs, byRole, type ClientOptions, type RedisRole, shared } from './client-options.ts'
import { guardSilence } from './guard-silence.ts'
import { createPacedReconnect } from './paced-reconnect.ts'
import { openCluster } from './redis-cluster.ts'
import { logRedisOutages } from './redis-outages.ts'
import { type RedisTarget, readRedisTarget } from './redis-target.ts'

/**
 * A connection that owes an answer and stays silent for that long is dead (a lost host sends no FIN), in ms.
 */
const defaultSilenceMs = 4_000

/** A sentinel that has not answered for that long is not asked again, in ms. */
const sentinelTimeoutMs = 1_000

export type { RedisRole } from './client-options.ts'

/**
 * A Redis client that connects at once and reconnects for ever by itself, also when Redis is away, still
 * loading or silent. Never throws nor emits an unhandled error; an outage is one log line when it begins and
 * one when it ends. Its duplicates (BullMQ makes some) are the same, but for the log. The url may name
 * sentinels or a cluster: see `openCluster` for what the latter's client is.
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
  const target = readRedisTarget(url)
  const options = {
    ...{ ...shared, ...byRole[role], connectionName: `${name}:${role}` },
    ...{ username: target.username, password: target.password, db: target.db, tls: target.tls },
    ...(target.family !== undefined && { family: target.family }),
  } as ClientOptions
  const open = (place: ClientOptions) => openRedis({ ...options, ...place }, silenceMs)
  const redis =
    target.kind === 'cluster'
      ? openCluster({ target, options, role, silenceMs, logger: own, open })
      : open(placeOf(target))
  logRedisOutages(redis, own)
  return redis
}

function placeOf({ kind, hosts, primary, sentinelUsername, sentinelPassword, tls }: RedisTarget) {
  if (kind === 'single') return { ...hosts[0] }
  return {
    sentinels: hosts.map(host => ({ ...host })),
    name: primary!,
    ...{ sentinelUsername, sentinelPassword, sentinelCommandTimeout: sentinelTimeoutMs },
    ...(tls && { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    // Told of a failover at once, also on a connection whose server is frozen.
    failoverDetector: true,
  }
}

/** A client that survives silence and a demoted primary, as all of its duplicates do. */
function openRedis(options: ClientOptions, silenceMs: number): Redis {
  const redis = new Redis({ ...options, reconnectOnError: createPacedReconnect() })
  // Unheard, it would end the process; the log of an outage is the first client's.
  redis.on('error', () => undefined)
  guardSilence(redis, silenceMs)
  redis.duplicate = (override?: Partial<RedisOptions>) =>
    openRedis({ ...redis.options, ...override } as ClientOptions, silenceMs)
  return redis
}
