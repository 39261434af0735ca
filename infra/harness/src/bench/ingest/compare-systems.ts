import { rm } from 'node:fs/promises'
import { type Generator, startGenerator } from '../load/start-generator.ts'
import { createStarters, type DurableSystem, type Starters } from '../systems/create-starters.ts'
import { type Measurement, type Subject, type WarmSystem, warmUp } from './measure.ts'
import type { IngestOptions } from './options.ts'

/**
 * Measures the systems in turn (A B B A …) under every setting asked for; `progress` hears of each run. All
 * of a setting stay up while it is measured, and only one is under load: runs may be short then, so that two
 * neighbours see the same machine. Everything lies under `directory`, which is emptied first; afterwards it
 * holds the logs, and the profiles if asked for.
 */
export async function compareSystems(
  options: IngestOptions,
  directory: string,
  progress: (line: string) => void,
): Promise<Measurement[]> {
  await rm(directory, { recursive: true, force: true })
  await using stack = new AsyncDisposableStack()
  const generator = stack.adopt(await startGenerator(), generator => generator.close())
  const { only: names, release } = options
  const bots = [{ handler: 'empty' }]
  const create = createStarters({ names, release, bots, folder: 'bench', say: progress })
  const starters = stack.adopt(await create, starters => starters.close())

  const runs: Measurement[] = []
  for (const fsync of options.fsync) {
    for (const shape of options.shape) {
      const subjects = entriesOf(starters).map(([system, start]) => ({ system, start, fsync, shape }))
      runs.push(...(await measureInTurn(subjects, options, generator, directory, progress)))
    }
  }
  return runs
}

function entriesOf({ of }: Starters) {
  return Object.entries(of) as [DurableSystem, NonNullable<(typeof of)[DurableSystem]>][]
}

async function measureInTurn(
  subjects: readonly Subject[],
  options: IngestOptions,
  generator: Generator,
  directory: string,
  progress: (line: string) => void,
): Promise<Measurement[]> {
  await using stack = new AsyncDisposableStack()
  const systems: WarmSystem[] = []
  for (const subject of subjects) {
    systems.push(stack.adopt(await warmUp(subject, options, generator, directory), system => system.close()))
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
