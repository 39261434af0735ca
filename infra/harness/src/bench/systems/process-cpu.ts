import { readFile } from 'node:fs/promises'

/** Linux reports processor time to user space in ticks of 10 ms, whatever the kernel's own. */
const TICK_MICROS = 10_000

/** The processor time that a process, all its threads and its ended children have used so far, in µs. */
export async function cpuMicros(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(cause => {
    throw new Error(`Cannot read the processor time of process ${pid}: it is gone, or this is not Linux`, { cause })
  })
  // The command's name, in parentheses, may hold spaces: fields are counted from behind it. See proc_pid_stat(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number)
  return (utime! + stime! + cutime! + cstime!) * TICK_MICROS
}
