import { defineScenario } from '../../shared/scenario.ts'
import { options } from './options.ts'
import { runSplit } from './run-split.ts'

/** `npm run drill -- split` */
export const split = defineScenario({
  summary:
    "moves half of a shard's users to an empty server while they are written and read; admin apps that make the move are killed, and every counter is compared with what was acknowledged.",
  clean: 'the ledger balances: every counter is what was acknowledged.',
  options,
  run: (values, { say }) => runSplit(values, say),
})
