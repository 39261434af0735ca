import { median } from '../statistics.ts'
import { type NlpMeasurement, nlpBots } from './measure-nlp.ts'

const names: Readonly<Record<NlpMeasurement['bot'], string>> = {
  echo: 'echo',
  support: 'support, in threads',
  inline: 'support, on the event loop',
}

/** A Markdown table of the medians of each bot's runs. */
export function renderNlpTable(runs: readonly NlpMeasurement[]): string {
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
  const head = ['bot', 'messages', 'event-loop delay p50 ms', 'p99 ms', 'max ms', 'worker CPU ms a message', 'drain ms']
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
