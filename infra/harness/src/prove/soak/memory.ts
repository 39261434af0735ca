import { readdirSync, readFileSync } from 'node:fs'
import type { Deployment } from '../../shared/deployment/deployment.ts'

/** Memory of each part of a deployment, in MB, by its name. */
export type MemoryLook = Readonly<Record<string, number>>

/**
 * What the processes that were never replaced, Redis and all of Postgres hold now: resident, of Postgres its
 * share of what its processes have in common (`Pss`).
 */
export function lookAtMemory({ members, redis, postgres }: Deployment): MemoryLook {
  const look: Record<string, number> = {}
  for (const { name, process, starts } of members) {
    if (starts === 1) look[name] = kilobytes(process.pid, 'status', 'VmRSS') / 1000
  }
  look.redis = kilobytes(redis.pid, 'status', 'VmRSS') / 1000
  const shares = processTree(postgres.pid).map(pid => kilobytes(pid, 'smaps_rollup', 'Pss'))
  look.postgres = shares.reduce((sum, share) => sum + share, 0) / 1000
  return look
}

/** A line of a file of /proc; 0 of a process that has ended. */
function kilobytes(pid: number, file: string, field: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/${file}`, 'utf8')
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0)
  } catch {
    return 0
  }
}

function processTree(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid)) continue
    const parent = parentOf(pid)
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const tree = [root]
  for (let i = 0; i < tree.length; i++) tree.push(...(children.get(tree[i]!) ?? []))
  return tree
}

function parentOf(pid: number): number | undefined {
  try {
    // The name in brackets may hold anything, spaces too.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1])
  } catch {
    return undefined
  }
}
