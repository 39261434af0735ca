import { number, seed } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { trafficLedger } from '../../simulate/render.ts'
import { runSoak } from './run-soak.ts'

/** `npm run prove -- soak` */
export const soak = defineScenario({
  summary:
    'lets two gateways and two workers work for an hour, one of each replaced or killed by turns, and compares the memory of every process at the end with that after ten minutes.',
  clean: 'nothing lost, out of order, or doubled without a mark, and no process, Redis or Postgres grew.',
  options: {
    minutes: number('how long', { default: 60, min: 0.5, fractions: true }),
    rate: number('messages a second', { default: 250 }),
    chats: number('chats they come from', { default: 2_000 }),
    'restart-minutes': number('minutes between two restarts', { default: 3, min: 0.1, fractions: true }),
    seed: seed('the traffic of an earlier run'),
  },
  async run({ minutes, rate, chats, seed, 'restart-minutes': restartMinutes }, { say }) {
    const report = await runSoak({ minutes, rate, chats, seed, restartMinutes }, say)
    const { traffic, restarts, marked, before, after, lookedAt, problems } = report
    return {
      ledger: { ...trafficLedger(traffic), restarts, 'marked uncertain': marked },
      table: {
        head: ['process', 'MB after a sixth', 'MB at the end'],
        rows: Object.entries(after).map(([name, mb]) => [name, before[name] ?? '', mb]),
      },
      problems,
      facts: { before, after, lookedAt, traffic: { ...traffic }, restarts, marked },
    }
  },
})
