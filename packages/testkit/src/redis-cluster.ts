import { Redis } from 'ioredis'
import { freePort } from './free-port.ts'
import { type StartRedisOptions, startRedis, type TestRedis } from './redis.ts'
import { redisTlsSettings } from './tls/test-tls.ts'
import { until } from './until.ts'

/** A real Redis Cluster of one's own: three primaries, each with a replica. */
export interface TestRedisCluster {
  /** `redis+cluster://` with all nodes. */
  readonly url: string
  /** The same over TLS, if it was asked for. */
  readonly tlsUrl: string
  /** The primaries first, by their slots, then the replica of each in the same order; as they began. */
  readonly nodes: readonly TestRedis[]
  /** Does something with a connection to a node. */
  ask<T>(node: TestRedis, act: (redis: Redis) => Promise<T>): Promise<T>
  /** The node that is the primary of a slot, as most of the running nodes say. */
  primaryOf(slot: number): Promise<TestRedis>
  /** Begins to move a slot to another primary; what it resolves to carries it through. */
  beginMove(slot: number, to: TestRedis): Promise<() => Promise<void>>
  stop(): Promise<void>
}

const primaries = 3
const slots = 16_384
/** A node that is silent for that long is taken for dead, in ms. */
const nodeTimeoutMs = 1_000

/** Starts six nodes and joins them; resolves when every slot is served and every replica is in step. */
export async function startRedisCluster({
  tls = false,
  ...options
}: StartRedisOptions & { tls?: boolean } = {}): Promise<TestRedisCluster> {
  const tlsPorts = await Promise.all(Array.from({ length: primaries * 2 }, freePort))
  const nodes = await Promise.all(
    tlsPorts.map(async tlsPort => {
      const bus = String(await freePort())
      return startRedis({
        ...options,
        extra: [
          ...['--cluster-enabled', 'yes', '--cluster-port', bus, '--repl-diskless-sync-delay', '0'],
          ...['--cluster-node-timeout', String(nodeTimeoutMs), '--cluster-replica-validity-factor', '0'],
          ...(tls ? redisTlsSettings(tlsPort) : []),
          ...(options.extra ?? []),
        ],
      })
    }),
  )
  try {
    await join(nodes)
  } catch (error) {
    await Promise.all(nodes.map(node => node.stop()))
    throw error
  }

  async function primaryOf(slot: number): Promise<TestRedis> {
    const votes = await Promise.all(
      nodes.map(node => askNode(node, redis => ownerOf(redis, slot)).catch(() => undefined)),
    )
    const count = (port: number) => votes.filter(vote => vote === port).length
    return nodes.reduce((a, b) => (count(b.port) > count(a.port) ? b : a))
  }

  return {
    url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    tlsUrl: `rediss+cluster://${tlsPorts.map(port => `127.0.0.1:${port}`).join(',')}`,
    nodes,
    ask: askNode,
    primaryOf,
    async beginMove(slot, to) {
      const from = await primaryOf(slot)
      const [fromId, toId] = await Promise.all([from, to].map(node => askNode(node, idOf)))
      await askNode(to, redis => redis.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId!))
      await askNode(from, redis => redis.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId!))
      return async () => {
        await askNode(from, redis => moveKeys(redis, slot, to.port))
        for (const node of [to, from, ...nodes.slice(0, primaries)])
          await askNode(node, redis => redis.call('CLUSTER', 'SETSLOT', slot, 'NODE', toId!)).catch(
            () => undefined,
          )
      }
    },
    async stop() {
      await Promise.all(nodes.map(node => node.stop()))
    },
  }
}

async function join(nodes: readonly TestRedis[]): Promise<void> {
  const [first] = nodes
  for (const [i, node] of nodes.entries()) {
    await askNode(node, async redis => {
      await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1)
      if (i < primaries) {
        const from = Math.floor((slots * i) / primaries)
        await redis.call('CLUSTER', 'ADDSLOTSRANGE', from, Math.floor((slots * (i + 1)) / primaries) - 1)
      }
      const bus = (await redis.config('GET', 'cluster-port')) as string[]
      await askNode(first!, one => one.call('CLUSTER', 'MEET', '127.0.0.1', node.port, bus[1]!))
    })
  }
  const knows = (redis: Redis) =>
    redis.cluster('NODES').then(text => (String(text).match(/connected/g) ?? []).length >= nodes.length)
  for (const node of nodes) await until(() => askNode(node, knows))
  for (const [i, node] of nodes.slice(primaries).entries()) {
    const id = await askNode(nodes[i]!, idOf)
    await askNode(node, redis => redis.call('CLUSTER', 'REPLICATE', id))
  }
  const isWhole = async (redis: Redis) => {
    const [info, replication] = await Promise.all([redis.cluster('INFO'), redis.info('replication')])
    return String(info).includes('cluster_state:ok') && /link_status:up|state=online/.test(replication)
  }
  for (const node of nodes) await until(() => askNode(node, isWhole))
}

const idOf = async (redis: Redis) => String(await redis.cluster('MYID'))

async function ownerOf(redis: Redis, slot: number): Promise<number | undefined> {
  const ranges = (await redis.cluster('SLOTS')) as unknown as [number, number, [string, number]][]
  return ranges.find(([first, last]) => first <= slot && slot <= last)?.[2][1]
}

async function moveKeys(redis: Redis, slot: number, toPort: number): Promise<void> {
  for (;;) {
    const keys = (await redis.call('CLUSTER', 'GETKEYSINSLOT', slot, 100)) as string[]
    if (keys.length === 0) return
    await redis.call('MIGRATE', '127.0.0.1', toPort, '', 0, 5_000, 'KEYS', ...keys)
  }
}

async function askNode<T>(node: TestRedis, act: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(node.port, '127.0.0.1', {
    ...{ lazyConnect: true, retryStrategy: () => null, commandTimeout: 5_000, connectTimeout: 1_000 },
  })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return await act(redis)
  } finally {
    redis.disconnect()
  }
}
