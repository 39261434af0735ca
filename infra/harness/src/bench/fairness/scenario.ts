import { loadavg } from 'node:os'
import { defineScenario } from '../../shared/scenario.ts'
import { fairnessTable, problemsOf } from './judge.ts'
import { measureFairness } from './measure-fairness.ts'
import { options } from './options.ts'

/** `npm run bench -- fairness` */
export const fairness = defineScenario({
  summary:
    'times the replies of a quiet bot alone, and beside another bot whose chats all wait: 50,000 with a handler of 50 ms, 8,000 with one of a second; one gateway, one worker, no caps.',
  clean: "the quiet bot's p99 beside the flood is as near to its p99 alone as it must be.",
  notes: 'Of so few messages the p99 is about the slowest one: --rate sends more.',
  options,
  async run(values, { directory, say }) {
    const loadBefore = loadavg()[0]!
    const runs = await measureFairness(values, directory, say)
    return {
      ledger: { 'load of the machine before': loadBefore.toFixed(2) },
      table: fairnessTable(runs),
      problems: problemsOf(runs, values.within),
      facts: { runs, loadBefore },
    }
  },
})
