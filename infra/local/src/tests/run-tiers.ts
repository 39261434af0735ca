import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import type { Terminal } from '../screen/terminal.ts'
import { printFailures } from './failures.ts'
import { writeGroups } from './group-files.ts'
import { type Outcome, runTests } from './run-tests.ts'
import { allTiers, type Tier } from './tiers.ts'
import { printTotals } from './totals.ts'

/** A test that hangs must not hold CI for hours; the longest, the chaos test, takes a couple of minutes. */
const timeoutMs = 600_000
/**
 * Tests of real servers wait for about half of their time; with more of them at once, each one's timing
 * suffers.
 */
const waiting = Math.ceil(availableParallelism() * 1.5)
const atOnce: Readonly<Record<Tier, number>> = {
  unit: availableParallelism(),
  alone: 1,
  services: waiting,
  system: waiting,
}

export interface TiersOptions {
  readonly root: string
  /** Only tests that have all of these in their name. */
  readonly names: readonly string[]
  /** Where the modules go that run several files in one process. */
  readonly groupsFolder: string
  readonly terminal: Terminal
  readonly output: NodeJS.WritableStream
  readonly signal: AbortSignal
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
  const { root, groupsFolder, names, signal, output } = options
  const isGrouped = tier === 'unit' && files.length > 1
  const toRun = isGrouped
    ? writeGroups(files, atOnce.unit, groupsFolder, root)
    : files.map(file => resolve(root, file))
  return runTests(toRun, { concurrency: atOnce[tier], timeoutMs, names, signal, output })
}
