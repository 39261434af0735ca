import { choices, number, seed } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { faultNames } from './faults.ts'
import { runChaos } from './run-chaos.ts'

/** `npm run prove -- chaos` */
export const chaos = defineScenario({
  summary:
    'kills, stops and deafens workers, gateways and Redis while updates come in, fails over to a replica that lacks a second, fills Redis and floods it by one bot, then checks that each accepted update was answered in order, and that nothing is left over.',
  clean:
    'nothing lost, out of order, or sent twice without a mark; each conversation was in its one place at every look.',
  options: {
    minutes: number('how long the faults go on', { default: 10, min: 0.01, fractions: true }),
    conversations: number('conversations that talk meanwhile', { default: 300 }),
    flood: number('conversations of another bot that begin at once in a flood', { default: 2_000 }),
    faults: choices('which faults, in turn', { of: faultNames, all: 'all' }),
    seed: seed('the faults of an earlier run, in their order'),
  },
  async run({ minutes, ...options }) {
    const { ledger, problems, ...facts } = await runChaos({ ...options, seconds: minutes * 60 })
    return { ledger, problems, facts }
  },
})
