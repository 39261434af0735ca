import { availableParallelism } from 'node:os'
import { Type } from 'typebox'

/** The variable of `forkProcesses`. */
export const processesConfig = {
  PROCESSES: Type.String({
    pattern: '^(auto|[1-9][0-9]{0,2})$',
    default: '1',
    description:
      'Processes of the app on this machine, under one primary: a number, or auto for one a processor (docs/scaling.md). Pools, threads and what is said to be of one process count once for each.',
  }),
}

/** What `PROCESSES` says: `auto` is one for each processor that this process may use. */
export function processCount(setting: string): number {
  return setting === 'auto' ? availableParallelism() : Number(setting)
}

/**
 * Each process's part of a limit that is set for all of them together. The kernel spreads connections over
 * the processes, but not evenly: of 2,000 in one burst the busiest of four got 610, and of 100,000 on two
 * cores that others wanted too, the busiest of eight more than 20,000. So each part is twice an even one.
 */
export function shareOf(limit: number, processes: number): number {
  return processes === 1 ? limit : Math.ceil((limit * 2) / processes)
}
