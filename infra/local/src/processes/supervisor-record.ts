import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { readJsonFile, writePrivateFile } from '../state/private-file.ts'
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts'

/** A process of the stack, and how to end it. */
export interface ChildRecord extends ProcessIdentity {
  readonly name: string
  /** What asks it to end in order: Postgres takes SIGINT for its fast shutdown. */
  readonly stopSignal: NodeJS.Signals
}

/** Who supervises a state folder; children in the order in which they are to be ended. */
export interface SupervisorRecord {
  readonly supervisor: ProcessIdentity
  /** Ends the children when the supervisor was killed. */
  readonly guardian?: ProcessIdentity
  readonly children: readonly ChildRecord[]
}

/** The record of a state folder, whether or not its supervisor still runs. */
export function readSupervisorRecord(file: string): SupervisorRecord | undefined {
  const record = readJsonFile(file) as Partial<SupervisorRecord> | undefined
  if (typeof record?.supervisor?.pid !== 'number' || !Array.isArray(record.children)) return undefined
  return record as SupervisorRecord
}

/** Notes that this process supervises now; false if another one that runs does. */
export function claimSupervision(file: string): boolean {
  const record: SupervisorRecord = { supervisor: identityOf(process.pid)!, children: [] }
  const draft = `${file}.${process.pid}.tmp`
  writeFileSync(draft, JSON.stringify(record), { mode: 0o600 })
  try {
    // A link fails if the name is taken: of two starts at once, one wins, and nobody sees half a record.
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Whether the record's supervisor still runs. */
export function isSupervised(record: SupervisorRecord): boolean {
  return isRunning(record.supervisor)
}

/** Replaces the record; only the supervisor itself calls this. */
export function writeSupervisorRecord(file: string, record: Omit<SupervisorRecord, 'supervisor'>): void {
  writePrivateFile(file, JSON.stringify({ supervisor: identityOf(process.pid), ...record }))
}
