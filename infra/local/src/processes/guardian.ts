// A process of its own that outlives the supervisor by a moment: when the supervisor is gone, even by kill
// -9, its end of our standard input closes, and we end the children it left. Run by start.ts:
// `node guardian.ts <state folder>`.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { stateFolder } from '../state/state-folder.ts'
import { endOrphans } from './end-orphans.ts'
import { isSupervised, readSupervisorRecord } from './supervisor-record.ts'

// It stands in a session of its own; these would come from somebody who wants to end the supervisor, and it
// tells us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

process.stdin.resume()
await once(process.stdin, 'close')

const folder = stateFolder(process.argv[2]!)
// Its pipes close a moment before a process that is killed counts as gone.
for (let record = readSupervisorRecord(folder.supervisor); record && isSupervised(record); ) await sleep(10)
await endOrphans(folder)
