import { number, seed } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { renderPercentiles } from '../../shared/statistics.ts'
import type { Table } from '../../shared/table.ts'
import { type DeployReport, type Phase, runDeploy } from './run-deploy.ts'

/** `npm run prove -- deploy` */
export const deploy = defineScenario({
  summary:
    'rolls each app of two gateways behind HAProxy, two workers and an admin app by npm run rollout, while messages flow.',
  clean: 'no call failed; nothing lost, doubled or reordered, while each app was replaced.',
  options: {
    rate: number('messages a second in all', { default: 300, min: 1 }),
    seconds: number('for how long calls are timed before the first deploy, and after the last', {
      default: 30,
    }),
    chats: number('chats of each platform', { default: 500 }),
    seed: seed('the traffic of an earlier run'),
  },
  notes: `The default rate is meant as 60 % of what two cores sustain with the simulated platforms, HAProxy, Redis, Postgres and both
sides of the system on them; that share is an estimate. A call has failed if a platform would have to make it again.`,
  async run(values, { say, directory }) {
    const report = await runDeploy(values, directory, say)
    return {
      ledger: ledgerOf(report),
      table: tableOf(report.phases),
      problems: report.problems,
      facts: { ...report },
    }
  },
})

function ledgerOf({ books, refused }: DeployReport): Record<string, string> {
  const rows = books.map(
    book =>
      [
        book.platform,
        `${book.sent} sent, ${book.accepted} accepted, ${book.handled} answered, ${book.lost} lost, ${book.duplicated} doubled, ${book.outOfOrder} reordered; update to reply ${renderPercentiles(book.updateToReplyMs)}`,
      ] as const,
  )
  return { ...Object.fromEntries(rows), 'failed calls': String(refused) }
}

function tableOf(phases: readonly Phase[]): Table {
  const rows = phases.map(({ what, seconds, calls, ackMs: { p50, p99, max } }) => [
    ...[what, seconds.toFixed(1), String(calls)],
    ...[p50, p99, max].map(ms => (ms === null ? '' : ms.toFixed(1))),
  ])
  return { head: ['', 'seconds', 'calls', 'ack p50 ms', 'p99', 'max'], rows }
}
