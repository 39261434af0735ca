import {
  type PostgresPair,
  startFaultyLink,
  startPostgresPair,
  startSentinels,
  type TestSentinels,
} from '@botyard/testkit'
import { type Deployment, startDeployment } from '../../shared/deployment/deployment.ts'
import { type Haproxy, startHaproxy } from '../../shared/deployment/haproxy.ts'

/** A whole deployment of which every part can fail. */
export interface FaultyDeployment extends Deployment {
  readonly haproxy: Haproxy
  readonly sentinels: TestSentinels
  /** A pair a shard. */
  readonly shards: readonly PostgresPair[]
  /** The way from HAProxy to each gateway, and that to the shards' primaries. */
  readonly links: readonly Awaited<ReturnType<typeof startFaultyLink>>[]
}

/**
 * Two gateways behind HAProxy, two workers, an admin; Redis with two replicas under three sentinels, of which
 * one replica must confirm; two shards, each with a synchronous standby.
 */
export async function startFaultyDeployment(): Promise<FaultyDeployment> {
  await using stack = new AsyncDisposableStack()
  const sentinels = stack.adopt(await startSentinels({ appendfsync: 'always' }), it => it.stop())
  const shards: PostgresPair[] = []
  for (let i = 0; i < 2; i++) shards.push(stack.adopt(await startPostgresPair(), it => it.stop()))
  const links: FaultyDeployment['links'][number][] = []
  const link = async (port: number) => {
    const one = stack.adopt(await startFaultyLink(port), it => it.close())
    links.push(one)
    return one
  }
  const hosts: string[][] = []
  for (const { primary, standby } of shards) {
    const way = await link(primary.port)
    hosts.push([way.url(primary.url()), standby.url()])
  }
  let haproxy: Haproxy | undefined
  const deployment = stack.use(
    await startDeployment({
      ...{ gateways: 2, workers: 2, bots: 'ledger', shardHosts: hosts },
      redisServer: sentinels.nodes[0]!,
      env: { REDIS_URL: sentinels.url, DURABLE_REPLICAS: '1', TRUST_PROXY: '127.0.0.1' },
      async balance([first, second]) {
        const [one, other] = [await link(first!.port), await link(second!.port)]
        haproxy = await startHaproxy([
          { port: one.port, opsPort: first!.opsPort },
          { port: other.port, opsPort: second!.opsPort },
        ])
        return haproxy
      },
    }),
  )
  const owned = stack.move()
  return {
    ...deployment,
    ...{ haproxy: haproxy!, sentinels, shards, links },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
