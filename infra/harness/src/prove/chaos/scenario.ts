import { number, seed } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { runChaos } from './run-chaos.ts'

/** `npm run prove -- chaos` */
export const chaos = defineScenario({
  summary:
    'kills and stops workers, gateways and Redis while updates come in, then checks that each accepted update was settled once and in order, and that nothing is left over.',
  clean: 'nothing lost, doubled or out of order.',
  options: {
    minutes: number('how long the faults go on', { default: 10, min: 0.01, fractions: true }),
    conversations: number('conversations that talk meanwhile', { default: 300 }),
    seed: seed('the faults of an earlier run, in their order'),
  },
  async run({ minutes, ...options }) {
    const { problems, ...report } = await runChaos({ ...options, seconds: minutes * 60 })
    const { accepted, deliveries, runs, faults } = report
    const ledger = { 'updates accepted': accepted, deliveries, 'runs of handlers': runs, ...faults }
    return { ledger, problems, facts: report }
  },
})
