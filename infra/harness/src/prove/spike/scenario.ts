import { number, seed } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { percentiles, renderPercentiles } from '../../shared/statistics.ts'
import { trafficLedger } from '../../simulate/render.ts'
import { runSpike } from './run-spike.ts'

/** `npm run prove -- spike` */
export const spike = defineScenario({
  summary:
    'sends one bot ten times what its handlers can do, lets the platform call again what was refused, and watches another bot and the alerts of a real Prometheus meanwhile.',
  clean:
    'what was accepted was handled, what was refused came in later, the other bot noticed nothing, and the alert fired and cleared.',
  notes: 'Prometheus must be installed (Debian: apt-get install prometheus).',
  options: {
    places: number('handlers at once, each of a tenth of a second', { default: 10 }),
    seconds: number('how long the spike lasts', { default: 30 }),
    'max-backlog': number('updates of the bot that may wait', { default: 12_000 }),
    seed: seed('the traffic of an earlier run'),
  },
  async run({ places, seconds, seed, 'max-backlog': maxBacklog }, { say, directory }) {
    const report = await runSpike({ places, seconds, seed, maxBacklog }, directory, say)
    const { spike, usual, meanwhile, alerts, problems } = report
    return {
      ledger: {
        ...trafficLedger(spike),
        "other bot's ack before": renderPercentiles(percentiles(usual.ackMs)),
        "other bot's ack meanwhile": renderPercentiles(percentiles(meanwhile.ackMs)),
        'alerts that fired': alerts.join(', '),
      },
      problems,
      facts: { spike: { ...spike }, alerts },
    }
  },
})
