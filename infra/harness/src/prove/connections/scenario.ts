import { number } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import type { Table } from '../../shared/table.ts'
import { describeLimits, findMissing } from './machine-limits.ts'
import { type ConnectionsPlan, type ConnectionsResult, runConnections } from './run-connections.ts'

/** What is aimed at for each connection, resident, in KB. */
const maxKbEach = 20

/** `npm run prove -- connections` */
export const connections = defineScenario({
  summary:
    'keeps 10,000 connections to one gateway process open, then 100,000 to a gateway of several, while updates flow; each connection calls when it is opened, and once more at the end.',
  clean: `no call failed, no connection was lost, and none took more than ${maxKbEach} KB.`,
  options: {
    one: number('connections to one process; 0 leaves that part out', { default: 10_000, min: 0 }),
    many: number('connections to several processes; 0 leaves that part out', { default: 100_000, min: 0 }),
    processes: number('gateway processes of the second part', { default: 12, min: 2 }),
    clients: number('client processes, each with an address of its own', { default: 6 }),
    rate: number('updates a second meanwhile: half of what the machine sustains', { default: 1_000 }),
    seconds: number('how long they flow', { default: 30 }),
  },
  async run({ one, many, processes, clients, rate, seconds }, { say }) {
    const all: ConnectionsPlan[] = [
      { connections: one, processes: 1, clients: Math.ceil(one / 15_000), perSecond: rate, seconds },
      { connections: many, processes, clients, perSecond: rate, seconds },
    ]
    const plans = all.filter(plan => plan.connections > 0)
    say(`This machine: ${describeLimits()}.`)
    const missing = plans.flatMap(plan => findMissing(plan.connections, plan.processes, plan.clients))
    if (missing.length > 0) return { table: tableOf([]), problems: missing, facts: { missing } }
    const results: ConnectionsResult[] = []
    for (const plan of plans) results.push(await runConnections(plan, say))
    return { table: tableOf(results), problems: results.flatMap(problemsOf), facts: { results } }
  },
})

function problemsOf({ connections, open, errors, kbEach }: ConnectionsResult): string[] {
  const problems = Object.entries(errors).map(([what, n]) => `${connections} connections: ${n} × ${what}`)
  if (open !== connections) problems.push(`${open} of ${connections} connections were open at the end`)
  if (kbEach > maxKbEach) problems.push(`a connection takes ${kbEach.toFixed(1)} KB`)
  return problems
}

function tableOf(results: readonly ConnectionsResult[]): Table {
  return {
    head: [
      ...['connections', 'processes', 'files of each', 'opened in s', 'updates/s', 'answered', 'errors'],
      ...['p50 ms', 'p99 ms', 'KB each'],
    ],
    rows: results.map(it => [
      ...[it.open, it.processes, it.spread, it.openedInS.toFixed(0), it.perSecond, it.answered],
      Object.values(it.errors).reduce((sum, n) => sum + n, 0),
      ...[it.p50?.toFixed(1) ?? '-', it.p99?.toFixed(1) ?? '-', it.kbEach.toFixed(1)],
    ]),
  }
}
