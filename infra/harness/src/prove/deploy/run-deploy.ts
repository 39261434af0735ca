import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { repository } from '@botyard/local-infra'
import { startProcess } from '@botyard/testkit'
import { startHaproxy } from '../../shared/deployment/haproxy.ts'
import { type AppName, type Place, startInstallation } from '../../shared/installation.ts'
import { type Percentiles, percentiles, renderPercentiles } from '../../shared/statistics.ts'
import { problemsOf } from '../../simulate/ledger.ts'
import { type SeveralPlatforms, startSeveralPlatforms } from '../../simulate/several-platforms.ts'
import type { TrafficReport } from '../../simulate/simulate-traffic.ts'
import { type Machines, startMachines } from './machines.ts'

/** How much traffic, and how long it is watched before the first deploy. */
export interface DeployOptions {
  /** Messages a second in all. */
  readonly rate: number
  /** Seconds before the first deploy, and after the last. */
  readonly seconds: number
  readonly chats: number
  readonly seed: number
}

/** The calls that were answered during one part of the run. */
export interface Phase {
  readonly what: string
  readonly seconds: number
  readonly calls: number
  readonly ackMs: Percentiles
}

/** What was found. */
export interface DeployReport {
  readonly phases: readonly Phase[]
  readonly books: readonly TrafficReport[]
  readonly refused: number
  readonly problems: readonly string[]
}

const instances = ['worker-1', 'worker-2', 'gateway-1', 'gateway-2', 'admin-1'] as const
const apps: readonly AppName[] = ['worker', 'gateway', 'admin']
const names = ['telegram', 'custom']
/** The first calls of a process that has just begun are slower, and are nobody's deploy. */
const warmUpSeconds = 5

/** Two gateways behind HAProxy, two workers and an admin app; each app is rolled by `npm run rollout`. */
export async function runDeploy(
  { rate, seconds, chats, seed }: DeployOptions,
  directory: string,
  say: (line: string) => void,
): Promise<DeployReport> {
  await using stack = new AsyncDisposableStack()
  const system = stack.use(await startInstallation({ bots: 'prove', env: { RUNS_FILE: '/dev/null' } }))
  await system.migrate()
  const places = new Map<string, Place>()
  for (const name of instances) places.set(name, await system.place(name.split('-')[0] as AppName))
  const releases = new Map([
    ['before', repository],
    ['after', repository],
  ])
  const machines = stack.adopt(await startMachines(system, places, releases, 'before'), it => it.close())
  const gateways = [places.get('gateway-1')!, places.get('gateway-2')!] as const
  const haproxy = stack.adopt(await startHaproxy(gateways), it => it.stop())
  const plan = await writePlan(directory, machines, places, haproxy.adminSocket)

  const problems: string[] = []
  const run = {
    gatewayUrl: haproxy.url,
    adminUrl: machines.instance('admin-1').url,
    adminToken: system.token,
  }
  const onWarning = (message: string) => void problems.push(message)
  const traffic = startSeveralPlatforms({ run, names, rate: rate / names.length, chats, seed, onWarning })
  const phases: Phase[] = []
  const phase = async (what: string, doing: Promise<unknown>) => {
    const seen = await watch(traffic, what, doing)
    phases.push(seen)
    say(`${what}: ${seen.calls} calls in ${seen.seconds.toFixed(1)} s, ack ${renderPercentiles(seen.ackMs)}`)
  }
  let books: readonly TrafficReport[] = []
  try {
    await delay(warmUpSeconds * 1000)
    await phase('before', delay(seconds * 1000))
    for (const app of apps) {
      const rolling = rollOut(app, plan)
      await phase(`deploy of ${app}`, rolling)
      problems.push(...(await rolling))
    }
    await phase('after', delay(seconds * 1000))
  } finally {
    books = await traffic.end()
  }
  problems.push(...books.flatMap(book => problemsOf(book).map(problem => `${book.platform}: ${problem}`)))
  const refused = books.reduce((sum, book) => sum + Object.values(book.refused).reduce((a, b) => a + b, 0), 0)
  if (refused > 0)
    problems.push(`${refused} calls failed: ${JSON.stringify(books.map(book => book.refused))}`)
  return { phases, books, refused, problems }
}

/** The calls that are answered until it is done. */
async function watch(traffic: SeveralPlatforms, what: string, doing: Promise<unknown>): Promise<Phase> {
  traffic.takeAckMs()
  const since = performance.now()
  await doing
  const ackMs = traffic.takeAckMs()
  const seconds = (performance.now() - since) / 1000
  return { what, seconds, calls: ackMs.length, ackMs: percentiles(ackMs) }
}

/** As an operator does: the command, in a process of its own. Answers what went wrong. */
async function rollOut(app: AppName, plan: string): Promise<string[]> {
  const child = await startProcess(join(repository, 'infra', 'deploy', 'src', 'main.ts'), {
    args: [app, '--release', 'after', '--plan', plan],
  })
  const { code } = await child.exited
  return code === 0 ? [] : [`the rollout of ${app} ended with ${code}: ${child.lines.slice(-8).join(' / ')}`]
}

async function writePlan(
  directory: string,
  machines: Machines,
  places: ReadonlyMap<string, Place>,
  adminSocket: string,
): Promise<string> {
  const haproxy = (state: string) =>
    `HAPROXY_ADMIN_SOCKET='${adminSocket}' '${join(repository, 'infra', 'deploy', 'haproxy-server')}' gateways/$INSTANCE ${state}`
  const planOf = (app: AppName) => ({
    instances: [...places]
      .filter(([, place]) => place.app === app)
      .map(([name, { host, opsPort }]) => ({ name, readyUrl: `http://${host}:${opsPort}/ready` })),
    current: machines.command('current'),
    replace: machines.command('replace'),
    ...(app === 'gateway' && { drain: haproxy('drain'), admit: haproxy('ready') }),
    ready: { successes: 3, everyMs: 250, withinMs: 60_000 },
  })
  await mkdir(directory, { recursive: true })
  const file = join(directory, 'rollout.json')
  const plan = { apps: Object.fromEntries(apps.map(app => [app, planOf(app)])) }
  await writeFile(file, JSON.stringify(plan, null, 2))
  return file
}
