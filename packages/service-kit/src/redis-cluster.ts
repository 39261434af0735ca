import { Cluster, type Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { ClientOptions, RedisRole } from './client-options.ts'
import { type ClusterTopology, createClusterTopology } from './cluster-topology.ts'
import { guardSilence } from './guard-silence.ts'
import { hashSlot, slotCount } from './hash-slot.ts'
import { logRedisOutages } from './redis-outages.ts'
import type { RedisTarget } from './redis-target.ts'
import { slotConnector } from './slot-connector.ts'

/** What the client of a cluster can do besides. */
export interface ClusterClient {
  readonly topology: ClusterTopology
  /**
   * A connection of its own kind, shared by all who ask for the same slot, to whichever node has the slot of
   * a key. What it does it does on one node: `WAIT` counts the replicas of what was written before it.
   */
  connectionTo(key: string): Redis
}

/** Between two looks at who has which slot, in ms; in between a node that was asked in vain says so. */
const slotsEveryMs = 5_000
const maxReconnectMs = 1_000

/**
 * Opens a cluster. The client finds the node of each key; commands that need several keys, or none, on one
 * node are for {@link ClusterClient.connectionTo}. One for subscriptions is a plain connection to any node:
 * every node hears what is published on any.
 */
export function openCluster(options: {
  target: RedisTarget
  options: ClientOptions
  role: RedisRole
  silenceMs: number
  logger: Logger
  open: (place: ClientOptions) => Redis
}): Redis {
  const { target, role, silenceMs, logger, open } = options
  const { connectionName, username, password, tls } = options.options
  const topology = createClusterTopology(target.hosts, { username, password, tls, connectionName })
  const connect = (slot: number) => open({ Connector: slotConnector(topology, slot) })
  // Each process listens at another node.
  if (role === 'subscriber') return connect(Math.floor(Math.random() * slotCount))

  const { retryStrategy: _, enableOfflineQueue = true, db: __, ...redisOptions } = options.options
  const cluster = new Cluster([...target.hosts], {
    enableOfflineQueue,
    redisOptions,
    slotsRefreshInterval: slotsEveryMs,
    slotsRefreshTimeout: 2_000,
    clusterRetryStrategy: times => Math.min(25 * 2 ** Math.min(times, 8), maxReconnectMs),
    // A certificate is for a name, which must not be looked up before.
    ...(tls && {
      dnsLookup: (host: string, done: (error: null, address: string) => void) => done(null, host),
    }),
  })
  cluster.on('error', () => undefined)
  // Never throws: it adds listeners.
  cluster.on('+node', (node: Redis) => {
    node.on('error', () => undefined)
    guardSilence(node, silenceMs)
  })

  const connections = new Map<number, Redis>()
  const own: ClusterClient = {
    topology,
    connectionTo(key) {
      const slot = hashSlot(key)
      let connection = connections.get(slot)
      if (connection === undefined) {
        connection = connect(slot)
        logRedisOutages(connection, logger.child({ slot }))
        connections.set(slot, connection)
      }
      return connection
    },
  }
  const disconnect = cluster.disconnect.bind(cluster)
  const closing = {
    disconnect(reconnect = false) {
      if (!reconnect) for (const connection of connections.values()) connection.disconnect()
      disconnect(reconnect)
    },
  }
  return Object.assign(cluster, own, closing) as unknown as Redis
}

/** What a cluster's client can do besides; undefined for any other. */
export function clusterOf(redis: Redis): ClusterClient | undefined {
  return redis.isCluster ? (redis as unknown as ClusterClient) : undefined
}

/** The connection on which everything happens on the node that has a key; any other client is it itself. */
export function connectionTo(redis: Redis, key: string): Redis {
  return clusterOf(redis)?.connectionTo(key) ?? redis
}

/** The servers that share the keys among them: what is asked without a key is asked of each. */
export function primariesOf(redis: Redis): Redis[] {
  return redis.isCluster ? (redis as unknown as Cluster).nodes('master') : [redis]
}
