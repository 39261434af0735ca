import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { startChild, type TestProcess } from './child.ts'
import { freePort } from './free-port.ts'
import { findRedisBinary, type StartRedisOptions, startRedis, type TestRedis } from './redis.ts'
import { redisTlsSettings } from './tls/test-tls.ts'
import { until } from './until.ts'

/** A real Redis under real sentinels: one primary, two replicas, three sentinels. */
export interface TestSentinels {
  /** `redis+sentinel://` with all sentinels, and the name of the primary; with TLS `rediss+sentinel://`. */
  readonly url: string
  /** The primary that it began with, then the replicas. */
  readonly nodes: readonly TestRedis[]
  /** The node that the sentinels name. */
  primary(): Promise<TestRedis>
  /** Does something with a connection to a node. */
  ask<T>(port: number, act: (redis: Redis) => Promise<T>): Promise<T>
  stop(): Promise<void>
}

const name = 'botyard'
/** A primary that is silent for that long is taken for dead, in ms. */
const downAfterMs = 1_000

/** Starts them; resolves when every sentinel knows the others and both replicas. */
export async function startSentinels({
  tls = false,
  ...options
}: StartRedisOptions & { tls?: boolean } = {}): Promise<TestSentinels> {
  const { extra = [] } = options
  const tlsPorts = [await freePort(), await freePort(), await freePort()]
  const settingsOf = (node: number) => [
    ...[...extra, '--repl-diskless-sync-delay', '0'],
    ...(tls ? [...redisTlsSettings(tlsPorts[node]!), '--tls-replication', 'yes'] : []),
  ]
  const first = await startRedis({ ...options, extra: settingsOf(0) })
  const primaryPort = tls ? tlsPorts[0]! : first.port
  const replicaOf = ['--replicaof', '127.0.0.1', String(primaryPort)]
  const replicas = await Promise.all(
    [1, 2].map(node => startRedis({ ...options, extra: [...settingsOf(node), ...replicaOf] })),
  )
  const nodes = [first, ...replicas]
  const dir = await mkdtemp(join(tmpdir(), 'botyard-sentinels-'))
  const sentinels: Sentinel[] = []
  for (let i = 0; i < 3; i++) sentinels.push(await startSentinel(dir, primaryPort, tls))
  const ports = sentinels.map(({ port }) => port)
  const urlPorts = sentinels.map(({ port, tlsPort }) => tlsPort ?? port)

  const knowsAll = (redis: Redis) =>
    redis.call('SENTINEL', 'MASTER', name).then(answer => {
      const [words, field] = [answer as string[], (of: string) => words[words.indexOf(of) + 1]]
      return (
        field('num-slaves') === '2' && field('num-other-sentinels') === '2' && field('flags') === 'master'
      )
    })
  for (const port of ports) await until(() => ask(port, knowsAll))

  return {
    url: `redis${tls ? 's' : ''}+sentinel://${urlPorts.map(port => `127.0.0.1:${port}`).join(',')}/${name}`,
    nodes,
    ask,
    async primary() {
      const [, port] = (await ask(ports[0]!, redis =>
        redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name),
      )) as string[]
      return nodes[(tls ? tlsPorts : nodes.map(node => node.port)).indexOf(Number(port))]!
    },
    async stop() {
      await Promise.all(sentinels.map(({ process }) => process.kill()))
      await Promise.all(nodes.map(node => node.stop()))
      await rm(dir, { recursive: true, force: true })
    },
  }
}

interface Sentinel {
  readonly process: TestProcess
  readonly port: number
  readonly tlsPort: number | undefined
}

/** It writes what it learns into its file. */
async function startSentinel(dir: string, primary: number, tls: boolean): Promise<Sentinel> {
  const port = await freePort()
  const tlsPort = tls ? await freePort() : undefined
  const tlsSettings = tlsPort === undefined ? [] : [...redisTlsSettings(tlsPort), '--tls-replication', 'yes']
  const file = join(dir, `${port}.conf`)
  const lines = [
    ...[`port ${port}`, 'bind 127.0.0.1', `dir ${dir}`, `sentinel monitor ${name} 127.0.0.1 ${primary} 2`],
    ...[`sentinel down-after-milliseconds ${name} ${downAfterMs}`, `sentinel failover-timeout ${name} 5000`],
  ]
  await writeFile(file, `${lines.join('\n')}\n`)
  const process = await startChild(await findRedisBinary(), [file, '--sentinel', ...tlsSettings])
  await until(() => ask(port, redis => redis.ping()).catch(() => undefined))
  return { process, port, tlsPort }
}

async function ask<T>(port: number, act: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, '127.0.0.1', {
    ...{ lazyConnect: true, retryStrategy: () => null, commandTimeout: 5_000, enableReadyCheck: false },
  })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return await act(redis)
  } finally {
    redis.disconnect()
  }
}
