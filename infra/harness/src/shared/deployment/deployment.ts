import { exampleBots } from '@botyard/local-infra'
import { startPostgres, startRedis, type TestPostgres, type TestRedis } from '@botyard/testkit'
import type { RunningSystem } from '../../simulate/running-system.ts'
import { type Env, issueToken, newKey, newKeys, runAppScript } from '../apps.ts'
import { type AppName, type Member, startMember } from './member.ts'

/** How large a deployment is, and what is special about it. */
export interface DeploymentOptions {
  readonly gateways?: number
  readonly workers?: number
  /** Another Redis than one of its own, by the settings that name it. */
  readonly redis?: Env
  /** The hosts of each shard, in their order; one shard beside the control database unless given. */
  readonly shards?: readonly (readonly string[])[]
  /** More settings, of all apps. */
  readonly env?: Env
  /** What platforms call, given the gateways; the first gateway unless given. */
  readonly balance?: (gateways: readonly Member[]) => Promise<{ url: string; stop(): Promise<void> }>
}

/** All of Botyard on this machine, its data included; each app as processes of its own. */
export interface Deployment {
  /** Where simulated platforms call, and who may add bots. */
  readonly system: RunningSystem
  readonly members: readonly Member[]
  membersOf(app: AppName): readonly Member[]
  /** Undefined if it was given another one. */
  readonly redis: TestRedis | undefined
  readonly postgres: TestPostgres
  /** Starts one more process. */
  add(app: AppName): Promise<Member>
  [Symbol.asyncDispose](): Promise<void>
}

/** A limit that the load of one machine does not reach: from its address all of the world calls. */
const unreached = '100000000'

/** Starts data and apps, migrates, and resolves when everything is ready. */
export async function startDeployment(options: DeploymentOptions = {}): Promise<Deployment> {
  const { gateways = 1, workers = 1 } = options
  await using stack = new AsyncDisposableStack()
  const redis = options.redis
    ? undefined
    : stack.adopt(await startRedis({ appendfsync: 'always' }), it => it.stop())
  const postgres = stack.adopt(await startPostgres(), it => it.stop())
  const [controlUrl, shardUrl] = [await postgres.createDatabase(), await postgres.createDatabase()]
  const [keyring, jwtKeys] = [JSON.stringify(newKeys()), JSON.stringify(newKeys())]
  const env: Env = {
    ...(redis ? { REDIS_URL: redis.url } : options.redis),
    ...{ CONTROL_DATABASE_URL: controlUrl, PUBLIC_URL: 'http://127.0.0.1', LOG_LEVEL: 'warn' },
    ...{ KEYRING: keyring, JWT_KEYS: jwtKeys, NAMING_KEY: newKey() },
    ...{ ALLOW_PRIVATE_TARGETS: '127.0.0.0/8', BOTS_DIR: exampleBots, RUNS_FILE: '/dev/null' },
    ...{ IP_LIMIT_PER_MINUTE: unreached, IP_FAILURES_PER_MINUTE: unreached },
    ...options.env,
  }
  const hosts = options.shards ?? [[shardUrl]]
  const shards = JSON.stringify(hosts.map((hosts, i) => ({ id: `s${i + 1}`, hosts })))
  for (const app of ['admin', 'worker'])
    await runAppScript(`${app}/src/migrate.ts`, { ...env, SHARDS: shards })

  const members: Member[] = []
  const membersOf = (app: AppName) => members.filter(member => member.app === app)
  const add = async (app: AppName) => {
    const member = await startMember(app, membersOf(app).length + 1, env)
    members.push(member)
    return member
  }
  // What takes in ends first, as in a real one.
  stack.defer(async () => {
    for (const app of ['ingest-gateway', 'worker', 'admin'] as const)
      await Promise.all(membersOf(app).map(({ process }) => process.kill('SIGTERM')))
  })
  await add('admin')
  for (let i = 0; i < workers; i++) await add('worker')
  for (let i = 0; i < gateways; i++) await add('ingest-gateway')
  const running = membersOf('ingest-gateway')
  const balancer = await options.balance?.(running)
  if (balancer) stack.defer(() => balancer.stop())

  const owned = stack.move()
  return {
    ...{ members, membersOf, redis, postgres, add },
    system: {
      gatewayUrl: balancer?.url ?? `http://127.0.0.1:${running[0]?.port}`,
      adminUrl: `http://127.0.0.1:${membersOf('admin')[0]!.port}`,
      adminToken: await issueToken(jwtKeys),
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
