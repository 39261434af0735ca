import { rm } from 'node:fs/promises'
import type { BenchedSystem, StartOptions, SystemName } from './benched-system.ts'
import { createBotyard } from './botyard-system.ts'
import { type Measurement, measure } from './measure.ts'
import type { IngestOptions } from './options.ts'
import { startRecipe } from './recipe-system.ts'

/**
 * Measures the systems in turn (A B A B …) under every setting asked for; `progress` hears of each run. Everything lies
 * under `directory`, which is emptied first; afterwards it holds the logs of the runs, and their profiles if asked for.
 */
export async function ingest(
  options: IngestOptions,
  directory: string,
  progress: (line: string) => void,
): Promise<Measurement[]> {
  await rm(directory, { recursive: true, force: true })
  await using stack = new AsyncDisposableStack()
  const starts: Partial<Record<SystemName, (options: StartOptions) => Promise<BenchedSystem>>> = {}
  if (options.systems.includes('recipe')) starts.recipe = startRecipe
  if (options.systems.includes('botyard')) {
    const botyard = await createBotyard()
    stack.defer(() => botyard.close())
    starts.botyard = botyard.start
  }

  const runs: Measurement[] = []
  for (const fsync of options.fsync) {
    for (const shape of options.shapes) {
      for (let round = 1; round <= options.rounds; round++) {
        for (const system of options.systems) {
          const run = await measure({ system, start: starts[system]!, fsync, shape, round }, options, directory)
          progress(describe(run))
          runs.push(run)
        }
      }
    }
  }
  return runs
}

function describe(run: Measurement): string {
  const { gateway, worker, redis } = run.cpuMicros
  const cpu = [gateway, worker, redis].map(Math.round).join(' + ')
  const refused = Object.entries(run.refused).map(([status, count]) => `, ${count} × ${status}`)
  const surplus = run.surplus === 0 ? '' : `, ${run.surplus} handled beyond those accepted`
  return (
    `${run.fsync} ${run.shape} round ${run.round} ${run.system}: ${Math.round(run.perSecond)}/s, CPU ${cpu} µs, ` +
    `drained ${Math.round(run.drainMs)} ms after the last answer${refused.join('')}${surplus}`
  )
}
