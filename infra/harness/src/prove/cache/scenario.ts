import { number, seed } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { runCache } from './run-cache.ts'

/** `npm run prove -- cache` */
export const cache = defineScenario({
  summary:
    'has processes read and write the same keys through one cache while they are stopped, killed and blocked and its Redis is killed, stopped, emptied and cut off, then checks that no read that began after a write was acknowledged returned an older value.',
  clean: 'no read that began after a write was acknowledged returned an older value.',
  options: {
    minutes: number('how long the faults go on', { default: 10, min: 0.01, fractions: true }),
    processes: number('processes that read and write', { default: 4 }),
    keys: number('keys that they share', { default: 12 }),
    seed: seed('the faults of an earlier run, in their order'),
  },
  async run({ minutes, ...options }) {
    const { problems, counts, faults } = await runCache({ ...options, seconds: minutes * 60 })
    return { ledger: { ...counts, ...faults }, problems, facts: { counts, faults } }
  },
})
