import { number } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import type { Table } from '../../shared/table.ts'
import { type AttackReport, runAttack } from './run-attack.ts'

/** Of each turn: short, so that a turn of an attack and one without see the same machine. */
const turnSeconds = 2

/** `npm run prove -- attack` */
export const attack = defineScenario({
  summary:
    "has strangers call a gateway, unsigned and half-sent, as every platform, and then sends it genuine bodies of 24 MB, while another bot's traffic is timed; quiet and attack take turns.",
  clean: 'the other bot was answered as usual, and nobody took more memory than there is for strangers.',
  options: {
    rate: number('calls of strangers a second', { default: 50 }),
    traffic: number('updates a second of the other bot', { default: 150 }),
    rounds: number('turns of each attack, two seconds each', { default: 8 }),
  },
  async run({ rate, traffic, rounds }) {
    const { rows, problems } = await runAttack({
      perSecond: rate,
      updates: traffic,
      rounds,
      seconds: turnSeconds,
    })
    return { table: attackTable(rows), problems, facts: { rows } }
  },
})

/** A line for each attack. */
export function attackTable(rows: AttackReport['rows']): Table {
  return {
    head: ['attack', 'usual p99 ms', 'p99 ms', 'ratio', 'updates', 'MB more', 'strangers were answered'],
    rows: rows.map(({ attack, usualP99Ms, p99Ms, extraMb, calls, outcome }) => {
      const answers = Object.entries(outcome).map(([status, n]) => `${n} × ${status}`)
      return [
        attack,
        usualP99Ms,
        p99Ms,
        `× ${(p99Ms / usualP99Ms).toFixed(1)}`,
        calls,
        extraMb,
        answers.join(', '),
      ]
    }),
  }
}
