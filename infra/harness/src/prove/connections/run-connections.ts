import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, untilTrue } from '@botyard/testkit'
import { percentiles } from '../../shared/statistics.ts'
import { startSystem } from '../operations/system.ts'
import { type Clients, startClients } from './clients.ts'

/** How many connections to how many processes, and what flows meanwhile. */
export interface ConnectionsPlan {
  readonly connections: number
  readonly processes: number
  readonly clients: number
  readonly perSecond: number
  readonly seconds: number
}

/** What was seen. */
export interface ConnectionsResult extends ConnectionsPlan {
  readonly open: number
  readonly answered: number
  readonly errors: Readonly<Record<string, number>>
  /** Of the flow while all were open, in ms. */
  readonly p50: number | null
  readonly p99: number | null
  readonly openedInS: number
  /** Resident memory of all gateway processes that came with the connections, for each, in KB. */
  readonly kbEach: number
  /** Connections of the fullest and the emptiest process. */
  readonly spread: string
}

/** Before anything is measured, so that what is compiled and pooled once counts for no connection. */
const warmUp = { connections: 200, perSecond: 400, seconds: 5 }

/** Opens them to one gateway, lets updates flow, and visits each once more at the end. */
export async function runConnections(
  plan: ConnectionsPlan,
  say: (line: string) => void,
): Promise<ConnectionsResult> {
  await using system = await startSystem()
  const opsPort = await freePort()
  const gateway = await system.start('gateway', {
    ...{ PROCESSES: String(plan.processes), GATEWAY_OPS_PORT: String(opsPort), LOG_LEVEL: 'warn' },
    MAX_CONNECTIONS: String(plan.connections * 2),
    MAX_CONNECTIONS_PER_ADDRESS: String(plan.connections * 2),
    IP_LIMIT_PER_MINUTE: '100000000',
    // On a slow machine it takes minutes to open them all: none is idle for too long meanwhile.
    KEEP_ALIVE_SECONDS: '7200',
  })
  const serving = async () => {
    if (plan.processes === 1) return (await fetch(`http://127.0.0.1:${opsPort}/ready`)).ok
    const page = await (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text()
    return page.includes(`botyard_processes{state="serving",app="ingest-gateway"} ${plan.processes}\n`)
  }
  await untilTrue(serving, 'all gateway processes serve', 120_000)
  const port = Number(new URL(gateway.url).port)
  const pids = await processesOf(gateway.process.pid, plan.processes)

  say('warming up')
  await withClients(startFrom(port, warmUp.connections, 1, 200), async clients => {
    await clients.opened
    clients.flow(warmUp.perSecond)
    await delay(warmUp.seconds * 1_000)
  })
  const before = await memoryOf(pids)

  say(`opening ${plan.connections} connections`)
  // Awaited here, or the system would end first.
  return await withClients(startFrom(port, plan.connections, plan.clients, 2), async clients => {
    const since = performance.now()
    await clients.opened
    const openedInS = (performance.now() - since) / 1_000
    const spread = await spreadOf(pids)
    say(`open after ${openedInS.toFixed(0)} s; updates flow for ${plan.seconds} s`)
    await clients.tell()
    clients.flow(plan.perSecond)
    await delay(plan.seconds * 1_000)
    const { times } = await clients.tell()
    const kbEach = ((await memoryOf(pids)) - before) / plan.connections / 1_024
    say('every connection calls once more')
    await clients.visit()
    const { open, answered, errors } = await clients.tell()
    const { p50, p99 } = percentiles(times)
    return { ...plan, open, answered, errors, p50, p99, openedInS, kbEach, spread }
  })
}

function startFrom(port: number, connections: number, clients: number, firstHost: number): Clients {
  const each = Math.ceil(connections / clients)
  return startClients(
    Array.from({ length: clients }, (_, client) => ({
      ...{ port, secret: 'sesame', from: `127.0.1.${firstHost + client}` },
      connections: Math.min(each, connections - client * each),
      firstChat: (firstHost + client) * 1_000_000,
    })),
  )
}

async function withClients<T>(clients: Clients, use: (clients: Clients) => Promise<T>): Promise<T> {
  try {
    return await use(clients)
  } finally {
    await clients.stop()
  }
}

/** The gateway itself, or the children of its primary. */
async function processesOf(pid: number, processes: number): Promise<number[]> {
  if (processes === 1) return [pid]
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.trim().split(' ').map(Number)
}

async function memoryOf(pids: readonly number[]): Promise<number> {
  const pageBytes = 4_096
  const resident = await Promise.all(
    pids.map(async pid => Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]) * pageBytes),
  )
  return resident.reduce((sum, bytes) => sum + bytes, 0)
}

async function spreadOf(pids: readonly number[]): Promise<string> {
  const files = await Promise.all(pids.map(async pid => (await readdir(`/proc/${pid}/fd`)).length))
  return `${Math.min(...files)}–${Math.max(...files)}`
}
