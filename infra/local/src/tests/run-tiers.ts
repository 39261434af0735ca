import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import type { Terminal } from '../screen/terminal.ts'
import { printFailures } from './failures.ts'
import { sharesProcess, writeGroups } from './group-files.ts'
import { type Outcome, runTests, type TestLimits } from './run-tests.ts'
import { allTiers, type Tier } from './tiers.ts'
import { printTotals } from './totals.ts'

/** The longest test, the chaos test, takes a couple of minutes on a slow machine. */
const defaultLimits: TestLimits = { testMs: 300_000, processMs: 600_000 }
/** Tests of real servers wait for two thirds of their time, those of the whole system for half of it. */
const atOnce: Readonly<Record<Tier, number>> = {
  unit: availableParallelism(),
  alone: 1,
  services: availableParallelism() * 3,
  system: availableParallelism() * 2,
}

/** Enough to spare most of what processes cost to start; few enough that no group is the last for long. */
const filesOfGroup = 6

export interface TiersOptions {
  readonly root: string
  /** Only tests that have all of these in their name. */
  readonly names: readonly string[]
  /** Where the modules go that run several files in one process. */
  readonly groupsFolder: string
  readonly terminal: Terminal
  readonly output: NodeJS.WritableStream
  readonly signal: AbortSignal
  readonly limits?: TestLimits
}

/**
 * Runs test files tier by tier, and says at the end how many tests there were and what failed. False:
 * something did.
 */
export async function runTiers(tiers: ReadonlyMap<string, Tier>, options: TiersOptions): Promise<boolean> {
  const { root, terminal, signal } = options
  const outcomes: Outcome[] = []
  for (const tier of allTiers) {
    const files = [...tiers.keys()].filter(file => tiers.get(file) === tier)
    if (files.length === 0 || signal.aborted) continue
    terminal.line(
      `\n${terminal.bold(tier)} ${terminal.dim(`(${files.length} ${files.length === 1 ? 'file' : 'files'})`)}`,
    )
    const startedAt = performance.now()
    outcomes.push(await runTier(tier, files, options))
    terminal.line(terminal.dim(`${tier}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`))
  }
  printTotals(outcomes, terminal)
  const failures = outcomes.flatMap(outcome => outcome.failures)
  printFailures(failures, terminal, root)
  return outcomes.every(({ success }) => success) && !signal.aborted
}

function runTier(tier: Tier, files: readonly string[], options: TiersOptions): Promise<Outcome> {
  const { root, groupsFolder, names, signal, output, limits = defaultLimits } = options
  const shared = files.filter(file => mayShare(tier, files.length) && sharesProcess(file, root))
  const alone = files.filter(file => !shared.includes(file)).map(file => resolve(root, file))
  const groups = Math.max(atOnce[tier], tier === 'unit' ? 8 : Math.ceil(shared.length / filesOfGroup))
  const toRun = [...alone, ...writeGroups(tier, shared, groups, groupsFolder, root)]
  return runTests(toRun, { concurrency: atOnce[tier], limits, names, signal, output })
}

/** Files that start the whole system, or need the machine, gain nothing by it; nor do a few files. */
function mayShare(tier: Tier, files: number): boolean {
  return (tier === 'unit' && files > 1) || (tier === 'services' && files > atOnce.services)
}
