import { number } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { runDashboards } from './run-dashboards.ts'

/** `npm run prove -- dashboards` */
export const dashboards = defineScenario({
  summary:
    'has a real Prometheus watch a real system under traffic, and asks it for every panel of the dashboards of infra/monitoring.',
  clean:
    'every panel is a query that Prometheus takes and has data of, every rule is evaluated, and no alert fires.',
  notes:
    'Prometheus must be installed (Debian: apt-get install prometheus). With Chromium the boards are drawn as pictures, otherwise as pages.',
  options: {
    rate: number('messages a second of each of three platforms', { default: 20 }),
    seconds: number('how long they are sent', { default: 40 }),
  },
  async run({ rate, seconds }, { say, directory }) {
    const report = await runDashboards({ rate, seconds }, directory, say)
    const { panels, quiet, alerts, files, problems } = report
    return {
      ledger: {
        panels,
        'panels that are empty while nothing goes wrong': quiet.length,
        'alerts that fire': alerts.length,
        'drawn in': files.join(' '),
      },
      problems,
      facts: { quiet, alerts, files },
    }
  },
})
