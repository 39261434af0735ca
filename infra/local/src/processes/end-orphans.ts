import { existsSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StateFolder } from '../state/state-folder.ts'
import { isRunning } from './process-identity.ts'
import { type ChildRecord, isSupervised, readSupervisorRecord } from './supervisor-record.ts'

/** How long an orphan may take to end in order before it is killed. */
const graceMs = 30_000

/**
 * Ends what a supervisor left behind when it was killed, in order, then forgets its run. Does nothing while
 * the supervisor runs. Pids that belong to other programs by now are left alone. Returns how many processes
 * it ended.
 */
export async function endOrphans(folder: StateFolder): Promise<number> {
  const record = readSupervisorRecord(folder.supervisor)
  if (record && isSupervised(record)) return 0
  let ended = 0
  for (const child of record?.children ?? []) if (await endProcess(child)) ended++
  // The supervisor's record last: a start that waits for us goes on when it is gone.
  for (const file of [folder.run, folder.supervisor]) rmSync(file, { force: true })
  return ended
}

/**
 * The same for a start that comes after a kill: while the killed supervisor's guardian is at it, only waits
 * for that.
 */
export async function endOrphansOnce(folder: StateFolder): Promise<void> {
  const guardian = readSupervisorRecord(folder.supervisor)?.guardian
  while (guardian && isRunning(guardian) && existsSync(folder.supervisor)) await sleep(25)
  await endOrphans(folder)
}

async function endProcess(child: ChildRecord): Promise<boolean> {
  if (!isRunning(child)) return false
  send(child.pid, child.stopSignal)
  const deadline = performance.now() + graceMs
  while (isRunning(child)) {
    if (performance.now() > deadline) send(child.pid, 'SIGKILL')
    await sleep(25)
  }
  return true
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended between our look and the signal.
  }
}
