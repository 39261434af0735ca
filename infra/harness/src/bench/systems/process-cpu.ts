import { readFileSync } from 'node:fs'

/** The processes that take part in an update's way. */
export const processNames = ['gateway', 'worker', 'redis', 'postgres'] as const
export type ProcessName = (typeof processNames)[number]

/** Process ids, of those that a system has. */
export type Pids = Readonly<Partial<Record<ProcessName, number>>>

/** Processor time in µs, of those that a system has. */
export type CpuMicros = Readonly<Partial<Record<ProcessName, number>>>

/** Linux reports processor time to user space in ticks of 10 ms, whatever the kernel's own. */
const tickMicros = 10_000

/** The processor time that a process, all its threads and its ended children have used so far, in µs. */
export function cpuMicros(pid: number): number {
  // The command's name, in parentheses, may hold spaces: fields are counted from behind it. See
  // proc_pid_stat(5).
  const stat = read(pid, `/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number)
  return (utime! + stime! + cutime! + cstime!) * tickMicros
}

/** The same of each process, with its living children: Postgres serves each connection by one. */
export function cpuOf(pids: Pids): CpuMicros {
  return mapProcesses(pids, pid => [pid, ...childrenOf(pid)].reduce((sum, one) => sum + cpuMicros(one), 0))
}

/** What was used in between, divided by `share`. */
export function cpuBetween(before: CpuMicros, after: CpuMicros, share = 1): CpuMicros {
  return mapProcesses(before, (micros, name) => (after[name]! - micros) / share)
}

/** Of all processes together. */
export function totalCpu(cpu: CpuMicros): number {
  return Object.values(cpu).reduce((sum, micros) => sum + micros, 0)
}

/** Something of each process that there is, in order. */
export function mapProcesses<Value>(
  of: Readonly<Partial<Record<ProcessName, number>>>,
  map: (value: number, name: ProcessName) => Value,
): Partial<Record<ProcessName, Value>> {
  const there = processNames.filter(name => of[name] !== undefined)
  return Object.fromEntries(there.map(name => [name, map(of[name]!, name)]))
}

function childrenOf(pid: number): number[] {
  const pids = read(pid, `/proc/${pid}/task/${pid}/children`).trim()
  return pids === '' ? [] : pids.split(' ').map(Number)
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error(`Cannot read the processor time of process ${pid}: it is gone, or this is not Linux`, {
      cause,
    })
  }
}
