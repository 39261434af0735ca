import { text } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import type { Table } from '../../shared/table.ts'
import type { FaultResult } from './fault-case.ts'
import { runOperations } from './run-operations.ts'

/** `npm run prove -- operations` */
export const operations = defineScenario({
  summary:
    'makes the faults that operators report, each on a system of its own: half-open connections, restarts, a demoted primary, full disks (as root only), missing rights, TLS.',
  clean: 'every fault was lived through.',
  options: { only: text('the faults whose name holds this text', { default: '' }) },
  async run(values, { say }) {
    say('Some minutes in all.')
    const { results, problems } = await runOperations(values, result => say(describe(result)))
    return { table: resultTable(results), problems, facts: { results } }
  },
})

function describe({ fault, seen, seconds, ok }: FaultResult): string {
  return `${markOf(ok)} ${fault} (${seconds.toFixed(1)} s): ${seen}`
}

function resultTable(results: readonly FaultResult[]): Table {
  const rows = results.map(({ fault, seen, seconds, ok }) => [fault, seen, seconds.toFixed(1), markOf(ok)])
  return { head: ['fault', 'seen', 'seconds', 'ok'], rows }
}

function markOf(ok: FaultResult['ok']): string {
  return ok === true ? '✓' : ok === false ? '✗' : ok
}
