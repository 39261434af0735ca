import { number, type Values } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { runSplit } from './run-split.ts'

const options = {
  users: number('users on the two shards', { default: 2_000, min: 10 }),
  writers: number('processes that write and read them', { default: 3 }),
  seconds: number('load before and after the move', { default: 5, min: 0, fractions: true }),
  kills: number('admin apps killed in the midst of it', { default: 1, min: 0 }),
}

/** The size of a run. */
export type SplitOptions = Values<typeof options>

/** `npm run drill -- split` */
export const split = defineScenario({
  summary:
    "moves half of a shard's users to an empty server while they are written and read; admin apps that make the move are killed, and every counter is compared with what was acknowledged.",
  clean: 'the ledger balances: every counter is what was acknowledged.',
  options,
  run: (values, { say }) => runSplit(values, say),
})
