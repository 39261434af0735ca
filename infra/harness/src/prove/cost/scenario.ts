import { choices, number } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { renderCount } from '../../shared/statistics.ts'
import { measureCosts } from './measure-costs.ts'
import { dimensions, variants } from './variants.ts'

/** `npm run prove -- cost` */
export const cost = defineScenario({
  summary:
    'measures what an update costs with few and many chats, with little and much that waits, with small and large messages, and with more processes, each in turn with the usual.',
  clean: 'an update costs the same however many chats there are and however much waits.',
  notes:
    'What Botyard costs beside others is measured by npm run bench -- ingest (the recipe) and bench -- answer (the recipe, and grammY in process).',
  options: {
    dimensions: choices('what varies', { of: dimensions, all: 'all' }),
    rounds: number('runs of each, in turn', { default: 7 }),
    seconds: number('load of one run', { default: 2, min: 0.5, fractions: true }),
    warmup: number('seconds of load before the first run', { default: 6, min: 0.5, fractions: true }),
    connections: number('requests under way at once', { default: 128 }),
  },
  async run({ dimensions: wanted, ...options }, { directory, say }) {
    const chosen = variants.filter(({ dimension }) => wanted.includes(dimension))
    const rows = await measureCosts(chosen, options, directory, say)
    const problems = rows.flatMap(({ variant: { name, maxTimes }, micros, referenceMicros }) => {
      const times = micros / referenceMicros
      if (maxTimes === undefined || times <= maxTimes) return []
      return [`${name}: an update costs ${times.toFixed(2)} times as much; ${maxTimes} are allowed`]
    })
    return {
      table: {
        head: ['', 'CPU µs an update', 'usual', 'times', 'updates/s', 'usual'],
        rows: rows.map(({ variant, micros, referenceMicros, perSecond, referencePerSecond }) => [
          variant.name,
          ...[Math.round(micros), Math.round(referenceMicros), `× ${(micros / referenceMicros).toFixed(2)}`],
          ...[renderCount(perSecond), renderCount(referencePerSecond)],
        ]),
      },
      problems,
      facts: { rows },
    }
  },
})
