import { loadavg } from 'node:os'
import { join } from 'node:path'
import { defineScenario } from '../../shared/scenario.ts'
import { compareAnswers } from './compare-systems.ts'
import { options } from './options.ts'
import { answerTable, renderRatios } from './render.ts'
import { problemsOf, ratiosOf, summarise } from './summarise.ts'

/** `npm run bench -- answer` */
export const answer = defineScenario({
  summary:
    'times replies: a text comes by webhook, its echo arrives at the Bot API. Botyard in turn with the usual recipe (Express, one BullMQ job an update, undici) and with grammY in process, which stores nothing: at saturation, 800/s, 100/s and idle.',
  clean: 'every update was taken and answered once, at the rate asked for.',
  notes:
    'CPU counts the processes of a system, not the generator, which is platform and Bot API in one. Load of others on the machine spoils times, and much less the ratios in turn.',
  options,
  async run(values, { directory, say }) {
    const loadBefore = loadavg()[0]!
    const { busy, idle } = await compareAnswers(values, directory, say)
    if (values.profile) say(`Processor profiles: ${join(directory, 'profiles')}`)
    const [summaries, ratios] = [summarise(busy), ratiosOf(busy)]
    return {
      ledger: { 'load of the machine before': loadBefore.toFixed(2), ...renderRatios(ratios, summaries) },
      table: answerTable(summaries, idle),
      problems: problemsOf(busy),
      facts: { summaries, ratios, idle, runs: busy, loadBefore },
    }
  },
})
