import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Graph } from '../checks/find-circles.ts'

/** In the order in which they run: what answers fastest comes first. */
export const allTiers = ['unit', 'alone', 'services', 'system'] as const

/**
 * - `unit`: starts no process and no thread, so that many files share one process.
 * - `alone`: proves something at a rate and needs the machine for itself.
 * - `services`: starts a real Redis or Postgres, or one app.
 * - `system`: starts the system as a whole.
 */
export type Tier = (typeof allTiers)[number]

/** The modules of Node by which a test starts something that outlives a line of its own code. */
const startsProcess =
  /^import (?!type ).*from 'node:(child_process|cluster|worker_threads)'|new Worker\(|\bpiscina\b/m

/** The tier of every test file, found by what it imports. */
export function tiersOf(files: readonly string[], graph: Graph, root: string): Map<string, Tier> {
  const known = new Map<string, boolean>()
  const starts = (file: string) => {
    if (!known.has(file)) known.set(file, startsProcess.test(readFileSync(join(root, file), 'utf8')))
    return known.get(file)!
  }
  return new Map(files.map(file => [file, tierOf(file, startsAnything(file, graph, starts))]))
}

function tierOf(file: string, startsSomething: boolean): Tier {
  if (file.endsWith('.alone.test.ts')) return 'alone'
  if (!startsSomething) return 'unit'
  return file.startsWith('infra/') ? 'system' : 'services'
}

function startsAnything(test: string, graph: Graph, starts: (file: string) => boolean): boolean {
  const seen = new Set([test])
  for (const file of seen) {
    if (starts(file)) return true
    for (const next of graph.get(file) ?? []) if (servesTests(next)) seen.add(next)
  }
  return false
}

/**
 * The code of apps and packages starts a process only where a test asks it to, with a file that it names
 * itself.
 */
function servesTests(file: string): boolean {
  return /\/test\/|^(packages\/(testkit|platform-simulators)|infra)\//.test(file)
}
