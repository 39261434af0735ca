import { number } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { runPm2 } from './run-pm2.ts'

/** `npm run prove -- pm2` */
export const pm2 = defineScenario({
  summary:
    'runs gateways under the real PM2 by infra/pm2/ecosystem.config.cjs and reloads them while platforms call. Fetches PM2 from npm.',
  clean: 'every gateway was renewed, and no call failed.',
  options: {
    instances: number('gateways', { default: 2 }),
    callers: number('callers that call without a pause', { default: 12 }),
  },
  async run(values, { say }) {
    const { instances, left, seconds, answers } = await runPm2(values, say)
    const failed = Object.entries(answers).filter(([outcome]) => outcome !== '200')
    const problems = failed.map(([outcome, n]) => `${n} calls: ${outcome}`)
    if (left > 0) problems.push(`${left} gateways were not renewed`)
    const failures = failed.reduce((sum, [, n]) => sum + n, 0)
    return {
      table: {
        head: ['gateways', 'reload took s', 'calls', 'failed'],
        rows: [[instances, seconds.toFixed(1), (answers['200'] ?? 0) + failures, failures]],
      },
      problems,
      facts: { answers },
    }
  },
})
