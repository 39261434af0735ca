import type { TestPostgres, TestRedis } from '@botyard/testkit'
import type { RunningSystem } from '../../simulate/running-system.ts'
import { type AppName, type InstallationOptions, startInstallation } from '../installation.ts'
import { type Member, startMember } from './member.ts'

/** How large a deployment is, and what is special about its data and settings. */
export interface DeploymentOptions extends InstallationOptions {
  readonly gateways?: number
  readonly workers?: number
  /** What platforms call, given the gateways; the first gateway unless given. */
  readonly balance?: (gateways: readonly Member[]) => Promise<{ url: string; stop(): Promise<void> }>
}

/** All of Botyard on this machine, its data included; each app as processes of its own. */
export interface Deployment {
  /** Where simulated platforms call, and who may add bots. */
  readonly system: RunningSystem
  readonly members: readonly Member[]
  membersOf(app: AppName): readonly Member[]
  readonly redis: TestRedis
  readonly postgres: TestPostgres
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts an installation and the apps on it; resolves when everything is ready. */
export async function startDeployment(options: DeploymentOptions = {}): Promise<Deployment> {
  const { gateways = 1, workers = 1, balance, env, ...data } = options
  await using stack = new AsyncDisposableStack()
  // The log of each process is kept in memory: of a long run, what is wrong is enough.
  const quiet = { LOG_LEVEL: 'warn', ...env }
  const installation = stack.use(await startInstallation({ ...data, env: quiet }))
  await installation.migrate()

  const members: Member[] = []
  const membersOf = (app: AppName) => members.filter(member => member.app === app)
  const add = async (app: AppName, number: number) =>
    void members.push(await startMember(installation, app, number))
  // What takes in ends first, as in a real one.
  stack.defer(async () => {
    for (const app of ['gateway', 'worker', 'admin'] as const)
      await Promise.all(membersOf(app).map(({ process }) => process.kill('SIGTERM')))
  })
  await add('admin', 1)
  for (let i = 1; i <= workers; i++) await add('worker', i)
  for (let i = 1; i <= gateways; i++) await add('gateway', i)
  const balancer = await balance?.(membersOf('gateway'))
  if (balancer) stack.defer(() => balancer.stop())

  const { redis, postgres, token } = installation
  const owned = stack.move()
  return {
    ...{ members, membersOf, redis, postgres },
    system: {
      gatewayUrl: balancer?.url ?? `http://127.0.0.1:${membersOf('gateway')[0]?.port}`,
      adminUrl: `http://127.0.0.1:${membersOf('admin')[0]!.port}`,
      adminToken: token,
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
