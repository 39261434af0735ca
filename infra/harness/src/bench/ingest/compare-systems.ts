import { rm } from 'node:fs/promises'
import type { BenchedSystem, StartOptions, SystemName } from '../systems/benched-system.ts'
import { createBotyard } from '../systems/botyard-system.ts'
import { startRecipe } from '../systems/recipe-system.ts'
import { type Measurement, type Subject, type WarmSystem, warmUp } from './measure.ts'
import type { IngestOptions } from './options.ts'

/**
 * Measures the systems in turn (A B B A …) under every setting asked for; `progress` hears of each run. All of a setting stay up
 * while it is measured, and only one is under load: runs may be short then, so that two neighbours see the same machine.
 * Everything lies under `directory`, which is emptied first; afterwards it holds the logs, and the profiles if asked for.
 */
export async function compareSystems(
  options: IngestOptions,
  directory: string,
  progress: (line: string) => void,
): Promise<Measurement[]> {
  await rm(directory, { recursive: true, force: true })
  await using stack = new AsyncDisposableStack()
  const starts: Partial<Record<SystemName, (options: StartOptions) => Promise<BenchedSystem>>> = {}
  if (options.only.includes('recipe')) starts.recipe = startRecipe
  if (options.only.includes('botyard')) {
    const botyard = await createBotyard()
    stack.defer(() => botyard.close())
    starts.botyard = botyard.start
  }

  const runs: Measurement[] = []
  for (const fsync of options.fsync) {
    for (const shape of options.shape) {
      const subjects = options.only.map(system => ({ system, start: starts[system]!, fsync, shape }))
      runs.push(...(await measureInTurn(subjects, options, directory, progress)))
    }
  }
  return runs
}

async function measureInTurn(
  subjects: readonly Subject[],
  options: IngestOptions,
  directory: string,
  progress: (line: string) => void,
): Promise<Measurement[]> {
  await using stack = new AsyncDisposableStack()
  const systems: WarmSystem[] = []
  for (const subject of subjects) {
    systems.push(stack.adopt(await warmUp(subject, options, directory), system => system.close()))
  }
  const runs: Measurement[] = []
  for (let round = 1; round <= options.rounds; round++) {
    for (const system of round % 2 === 1 ? systems : systems.toReversed()) {
      const run = await system.measure(round)
      progress(describe(run))
      runs.push(run)
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
