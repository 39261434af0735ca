import { join } from 'node:path'
import { defineScenario } from '../../shared/scenario.ts'
import { compareSystems } from './compare-systems.ts'
import { options } from './options.ts'
import { problemsOf, summarise, summaryTable } from './summarise.ts'

/** `npm run bench -- ingest` */
export const ingest = defineScenario({
  summary:
    'loads Botyard and the usual recipe (Express, one BullMQ job an update) in turn, and times them until all is handled: one gateway, one worker, one Redis.',
  clean: 'both systems took every update and handled what they took.',
  options,
  async run(values, { directory, say }) {
    const runs = await compareSystems(values, directory, say)
    if (values.profile) say(`Processor profiles: ${join(directory, 'profiles')}`)
    const summaries = summarise(runs)
    return { table: summaryTable(summaries), problems: problemsOf(runs), facts: { summaries, runs } }
  },
})
