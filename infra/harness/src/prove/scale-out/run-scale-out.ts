import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBotApi } from '../../shared/bot-api.ts'
import { startHaproxy } from '../../shared/deployment/haproxy.ts'
import { type Installation, type Instance, startInstallation } from '../../shared/installation.ts'
import { scrapeMetrics } from '../../shared/metrics.ts'
import { addCounter, createPeople, type Message } from '../../shared/people.ts'
import { type Machine, type Network, startNetwork } from './network.ts'

/** How many write, and how often in each part. */
export interface ScaleOutOptions {
  readonly chats: number
  readonly messages: number
}

/** What each machine did of a part. */
export interface ScaleOutPart {
  readonly what: string
  readonly messages: number
  readonly unanswered: number
  /** Updates that the gateway of each machine accepted, and that its worker handled. */
  readonly accepted: readonly number[]
  readonly handled: readonly number[]
  readonly seconds: number
}

/** What was found. */
export interface ScaleOutReport {
  readonly parts: readonly ScaleOutPart[]
  readonly problems: readonly string[]
}

/** On every machine the same: that is what machines are for. */
const ports = { gateway: [8080, 9101], worker: [8082, 9102] } as const

interface Pair {
  readonly machine: Machine
  readonly gateway: Instance
  readonly worker: Instance
}

/**
 * Two machines with a gateway and a worker each; HAProxy, Redis and Postgres on this one. People write while
 * both are there, while one is cut off, and when it is back.
 */
export async function runScaleOut(
  { chats, messages: times }: ScaleOutOptions,
  say: (line: string) => void,
): Promise<ScaleOutReport> {
  await using stack = new AsyncDisposableStack()
  const network = stack.adopt(await startNetwork(2), it => it.close())
  const people = createPeople(chats)
  const api = stack.adopt(await startBotApi(people.onArrival, network.host), it => it.close())
  const system = stack.use(await startData(network, stack))
  await system.migrate()
  await addCounter(system, api.url)
  const pairs: Pair[] = []
  for (const machine of network.machines) pairs.push(await startPair(system, machine))
  const [first, second] = pairs as [Pair, Pair]
  const haproxy = stack.adopt(await startHaproxy([first.gateway, second.gateway]), it => it.stop())

  const parts: ScaleOutPart[] = []
  const part = async (what: string, live: readonly Pair[]) => {
    const before = await countsOf(live)
    const startedAtMs = performance.now()
    const written = await people.write(haproxy.url, times)
    await people.replied(written)
    const seconds = (performance.now() - startedAtMs) / 1000
    const after = await countsOf(live)
    const grown = (which: 'accepted' | 'handled') => after.map((it, i) => it[which] - before[i]![which])
    const seen = { accepted: grown('accepted'), handled: grown('handled') }
    parts.push({ what, messages: written.length, unanswered: unansweredOf(written), ...seen, seconds })
    say(`${what}: ${written.length} messages answered in ${seconds.toFixed(1)} s`)
  }
  await part('both machines', pairs)
  await first.machine.unplug()
  await part('one machine cut off', [second])
  await first.machine.plug()
  await part('both machines again', pairs)
  return { parts, problems: problemsOf(parts, people.messages) }
}

function problemsOf(parts: readonly ScaleOutPart[], messages: readonly Message[]): string[] {
  const both = parts.filter(({ accepted }) => accepted.length === 2)
  const sum = (which: 'accepted' | 'handled', i: number) =>
    both.reduce((total, part) => total + part[which][i]!, 0)
  const idle = [0, 1].flatMap(i =>
    (['accepted', 'handled'] as const)
      .filter(which => sum(which, i) === 0)
      .map(which => `machine ${i + 1} ${which} nothing while both were there`),
  )
  const twice = messages.filter(({ counts }) => counts.length > 1).length
  return [
    ...idle,
    ...parts
      .filter(({ unanswered }) => unanswered > 0)
      .map(({ what, unanswered: n }) => `${what}: ${n} unanswered`),
    ...(twice > 0 ? [`${twice} messages were answered twice`] : []),
    ...orderProblems(messages),
  ]
}

/** The bot counts the messages of a chat: the count of each must be its number there. */
function orderProblems(messages: readonly Message[]): string[] {
  const numbers = new Map<number, number>()
  const wrong = messages.filter(({ chat, counts: [count] }) => {
    const number = (numbers.get(chat) ?? 0) + 1
    numbers.set(chat, number)
    return count !== undefined && count !== number
  })
  return wrong.length > 0 ? [`${wrong.length} messages were handled out of order, twice or not at all`] : []
}

function unansweredOf(messages: readonly Message[]): number {
  return messages.filter(({ counts }) => counts.length === 0).length
}

/** Redis and Postgres, open to the machines of this network. */
async function startData(network: Network, stack: AsyncDisposableStack): Promise<Installation> {
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'botyard-hba-')), it => rm(it, { recursive: true }))
  const hba = join(folder, 'pg_hba.conf')
  await writeFile(hba, 'host all all 127.0.0.1/32 trust\nhost all all samenet trust\n')
  await chmod(folder, 0o755)
  return await startInstallation({
    bots: 'restore',
    dataHost: network.host,
    redis: { extra: ['--bind', '127.0.0.1', network.host, '--protected-mode', 'no'] },
    postgresSettings: { listen_addresses: `127.0.0.1,${network.host}`, hba_file: hba },
    env: { QUEUE_PARTITIONS: '8', TRUST_PROXY: network.host, ALLOW_PRIVATE_TARGETS: `${network.host}/32` },
  })
}

async function startPair(system: Installation, machine: Machine): Promise<Pair> {
  const { host, prefix } = machine
  const start = (app: 'gateway' | 'worker') => {
    const [port, opsPort] = ports[app]
    return system.start({ app, host, port, opsPort }, { prefix })
  }
  return { machine, worker: await start('worker'), gateway: await start('gateway') }
}

async function countsOf(pairs: readonly Pair[]): Promise<{ accepted: number; handled: number }[]> {
  return await Promise.all(
    pairs.map(async ({ gateway, worker }) => {
      const intake = await scrapeMetrics(gateway.opsPort, gateway.host)
      const work = await scrapeMetrics(worker.opsPort, worker.host)
      return {
        accepted: intake.sum('botyard_updates_received_total', ({ outcome }) => outcome === 'accepted'),
        handled: work.sum('botyard_updates_handled_total', ({ outcome }) => outcome === 'ok'),
      }
    }),
  )
}
