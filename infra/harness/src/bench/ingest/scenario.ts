import { join } from 'node:path'
import { choices, flag, number, type Values } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { shapes } from '../load/chat-sequence.ts'
import { fsyncPolicies, systemNames } from '../systems/benched-system.ts'
import { compareSystems } from './compare-systems.ts'
import { problemsOf, summarise, summaryTable } from './summarise.ts'

const options = {
  seconds: number('load of one run', { default: 2, min: 0.1, fractions: true }),
  warmup: number('seconds of load before the first run, not counted', { default: 8, min: 0.1, fractions: true }),
  rounds: number('runs of each system, in turn', { default: 15 }),
  connections: number('requests under way at once', { default: 256 }),
  chats: number('conversations', { default: 20_000 }),
  shape: choices(`how busy the chats are: ${shapes.join(', ')} or all`, { of: shapes, all: 'all', default: 'uniform' }),
  fsync: choices(`how Redis writes: ${fsyncPolicies.join(', ')} or both`, { of: fsyncPolicies, all: 'both' }),
  only: choices(`${systemNames.join(' or ')} alone`, { of: systemNames, all: 'both' }),
  profile: flag("take processor profiles of gateway and worker, for Chrome's or VS Code's viewer"),
}

/** How the ingest benchmark is to run. */
export type IngestOptions = Values<typeof options>

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
