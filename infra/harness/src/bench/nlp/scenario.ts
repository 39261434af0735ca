import { defineScenario } from '../../shared/scenario.ts'
import { median } from '../../shared/statistics.ts'
import type { Table } from '../../shared/table.ts'
import { measureNlp, type NlpMeasurement, nlpBots } from './measure-nlp.ts'
import { options } from './options.ts'

/** `npm run bench -- nlp` */
export const nlp = defineScenario({
  summary:
    "compares the delay of the worker's event loop under an echo bot, a bot that computes in threads, and one that computes on the event loop.",
  clean: 'every message was taken and handled.',
  options,
  async run(values, { directory, say }) {
    const runs = await measureNlp(values, directory, say)
    const refused = runs.filter(run => run.refused > 0)
    return {
      table: tableOf(runs),
      problems: refused.map(run => `round ${run.round} ${run.bot}: ${run.refused} messages were refused`),
      facts: { runs },
    }
  },
})

const names: Readonly<Record<NlpMeasurement['bot'], string>> = {
  echo: 'echo',
  support: 'support, in threads',
  inline: 'support, on the event loop',
}

/** The medians of each bot's runs. */
function tableOf(runs: readonly NlpMeasurement[]): Table {
  const rows = nlpBots.map(bot => {
    const own = runs.filter(run => run.bot === bot)
    const medianOf = (value: (run: NlpMeasurement) => number) => median(own.map(value))
    const p99s = own.map(run => run.loop.p99)
    const range = `${Math.min(...p99s).toFixed(1)}–${Math.max(...p99s).toFixed(1)}`
    return [
      names[bot],
      medianOf(run => run.handled).toLocaleString('en'),
      medianOf(run => run.loop.p50).toFixed(1),
      `${medianOf(run => run.loop.p99).toFixed(1)} (${range})`,
      medianOf(run => run.loop.max).toFixed(1),
      medianOf(run => run.cpuMs).toFixed(2),
      medianOf(run => run.drainMs).toFixed(0),
    ]
  })
  const head = [
    'bot',
    'messages',
    'event-loop delay p50 ms',
    'p99 ms',
    'max ms',
    'worker CPU ms a message',
    'drain ms',
  ]
  return { head, rows }
}
