import { setTimeout as delay } from 'node:timers/promises'
import { type FaultyLink, startFaultyLink, startRedis, type TestRedis } from '@botyard/testkit'
import { Redis } from 'ioredis'

/**
 * A primary and its replica, which changes places with it. Apps reach the present primary through links.
 */
export interface RedisPair {
  /** For one process: a way to the primary that can fail. */
  link(): Promise<{ readonly url: string; readonly link: FaultyLink }>
  /** Asks the primary on a connection of its own, once; rejects while it is away. */
  ask<T>(question: (redis: Redis) => Promise<T>): Promise<T>
  /** The primary answers, and the replica gets everything. */
  isAble(): Promise<boolean>
  /** The same, and both would find it on their disks. */
  isSettled(): Promise<boolean>
  /**
   * Ends the primary and starts it again. Does not wait for it: apps meet it while it loads its append-only
   * file.
   */
  killPrimary(): Promise<void>
  /** The primary ends, and the replica takes its place without what came in the last `lostMs`. */
  failOver(lostMs: number): Promise<void>
  /** The primary has no memory left for new data for that long. */
  beFull(ms: number): Promise<void>
  stop(): Promise<void>
}

interface Node {
  readonly server: TestRedis
  /** Its replica replicates through it. */
  readonly replication: FaultyLink
}

/** Starts both. `fillerKeys` make them load for a while whenever they start. */
export async function startRedisPair({ fillerKeys }: { fillerKeys: number }): Promise<RedisPair> {
  const nodes = [await startNode(), await startNode()] as const
  const links = new Set<FaultyLink>()
  let primary = 0
  /** The old primary comes back as a replica. */
  let rejoining = Promise.resolve()

  const primaryNode = () => nodes[primary]!
  const replicaNode = () => nodes[1 - primary]!
  const follow = (node: Node, other: Node) =>
    askNode(node, redis => redis.replicaof('127.0.0.1', other.replication.port))

  await askNode(primaryNode(), redis => fill(redis, fillerKeys))
  await follow(replicaNode(), primaryNode())

  async function infoOfBoth(): Promise<readonly [primary: string, replica: string]> {
    const info = (node: Node) => askNode(node, redis => redis.info()).catch(() => '')
    return [await info(primaryNode()), await info(replicaNode())]
  }

  return {
    async link() {
      const link = await startFaultyLink(primaryNode().server.port)
      links.add(link)
      return { link, url: link.url(primaryNode().server.url) }
    },
    ask: question => askNode(primaryNode(), question),
    isAble: async () => isFollowed(...(await infoOfBoth())),
    async isSettled() {
      const both = await infoOfBoth()
      return isFollowed(...both) && both.every(hasFile)
    },
    async killPrimary() {
      const { server } = primaryNode()
      await server.kill('SIGKILL')
      await server.restart({ waitUntilReady: false })
    },
    async failOver(lostMs) {
      const [old, next] = [primaryNode(), replicaNode()]
      // What has been sent and not arrived is lost, as the bytes in a broken cable are.
      old.replication.halfOpen()
      await delay(lostMs)
      await old.server.kill('SIGKILL')
      for (const link of links) link.refuse()
      await askNode(next, redis => redis.replicaof('NO', 'ONE'))
      primary = 1 - primary
      for (const link of links) {
        link.leadTo(next.server.port)
        link.heal()
      }
      rejoining = old.server.restart().then(async () => void (await follow(old, next)))
      // The wait for the pair to be settled reports it.
      rejoining.catch(() => undefined)
    },
    async beFull(ms) {
      const node = primaryNode()
      const setLimit = (limit: (redis: Redis) => Promise<number>) =>
        askNode(node, async redis => redis.config('SET', 'maxmemory', await limit(redis)))
      await setLimit(async redis => (await usedMemory(redis)) + 64 * 1024)
      await delay(ms)
      await setLimit(async () => 0)
    },
    async stop() {
      await rejoining.catch(() => undefined)
      for (const link of links) await link.close()
      for (const { replication, server } of nodes) {
        await replication.close()
        await server.stop()
      }
    },
  }
}

async function startNode(): Promise<Node> {
  const server = await startRedis({ appendfsync: 'always', extra: ['--repl-diskless-sync-delay', '0'] })
  return { server, replication: await startFaultyLink(server.port) }
}

async function askNode<T>({ server }: Node, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(server.url, {
    ...{ lazyConnect: true, enableReadyCheck: false, maxRetriesPerRequest: 0, commandTimeout: 30_000 },
    retryStrategy: () => null,
  })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return await question(redis)
  } finally {
    redis.disconnect()
  }
}

function isFollowed(primary: string, replica: string): boolean {
  return (
    /\brole:master\b/.test(primary) &&
    /\bslave0:.*state=online\b/.test(primary) &&
    /\bmaster_link_status:up\b/.test(replica)
  )
}

function hasFile(info: string): boolean {
  return /\baof_rewrite_in_progress:0\b/.test(info) && /\baof_rewrite_scheduled:0\b/.test(info)
}

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/\bused_memory:(\d+)/.exec(await redis.info('memory'))![1])
}

/** In a database of their own, out of the way of who looks at all keys. */
async function fill(redis: Redis, keys: number): Promise<void> {
  const script = "for i = ARGV[1], ARGV[2] do redis.call('SET', 'filler:' .. i, ARGV[3]) end"
  await redis.select(1)
  for (let from = 0; from < keys; from += 20_000) {
    await redis.eval(script, 0, from, Math.min(keys, from + 20_000) - 1, 'x'.repeat(300))
  }
  await redis.select(0)
}
