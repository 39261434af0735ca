import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { StateFolder } from '../state/state-folder.ts'
import { trimLog } from './log-file.ts'
import { identityOf, type ProcessIdentity } from './process-identity.ts'
import { type ChildEvents, type ChildSpec, SupervisedChild } from './supervised-child.ts'
import { writeSupervisorRecord } from './supervisor-record.ts'

/** All processes of a stack, from their start to their end. */
export interface Supervisor {
  /** Starts some side by side; resolves when all are ready, rejects with the first one's `StartupError`. */
  start(specs: readonly ChildSpec[]): Promise<void>
  /** The pids of the children whose name begins so: none for one between crash and restart. */
  pids(prefix: string): number[]
  /** Has a child end and start again at once. */
  restart(name: string): Promise<void>
  /** Ends all of them in their turns, then forgets the run. May be called at any time, and twice. */
  stop(): Promise<void>
}

/** What the user is told. */
export interface SupervisorEvents extends ChildEvents {
  /** supervisor.json or run.json could not be written: the pids in them are old ones. */
  unrecorded(error: Error): void
}

const trimEveryMs = 30_000

/** Takes charge of a folder that `claimSupervision` was called for. */
export function createSupervisor(folder: StateFolder, events: SupervisorEvents): Supervisor {
  const children: SupervisedChild[] = []
  const guardian = startGuardian(folder)
  let stopping: Promise<void> | undefined
  const trimmer = setInterval(() => {
    for (const { spec } of children) trimLog(spec.log)
  }, trimEveryMs)

  const record = () =>
    writeSupervisorRecord(folder.supervisor, {
      ...(guardian.identity && { guardian: guardian.identity }),
      children: children
        .filter(child => child.identity)
        .sort((a, b) => a.spec.stopTurn - b.spec.stopTurn)
        .map(({ identity, spec }) => ({ ...identity!, name: spec.name, stopSignal: spec.stopSignal })),
    })
  const started = () => {
    try {
      record()
      events.started()
    } catch (error) {
      // A full disk must not make a child that runs look like one that does not.
      events.unrecorded(error as Error)
    }
  }

  async function stopInTurns(): Promise<void> {
    clearInterval(trimmer)
    for (const turn of new Set(children.map(child => child.spec.stopTurn).sort())) {
      await Promise.all(children.filter(child => child.spec.stopTurn === turn).map(child => child.stop()))
    }
    for (const file of [folder.run, folder.supervisor]) rmSync(file, { force: true })
    await guardian.close()
  }

  return {
    async start(specs) {
      const added = specs.map(spec => new SupervisedChild(spec, { ...events, started }))
      children.push(...added)
      await Promise.all(added.map(child => child.start()))
    },
    pids: prefix =>
      children
        .filter(child => child.spec.name.startsWith(prefix))
        .flatMap(child => child.identity?.pid ?? []),
    async restart(name) {
      await children.find(child => child.spec.name === name)?.restart()
    },
    stop: () => (stopping ??= stopInTurns()),
  }
}

/** Its input is a pipe that only this process holds, so it sees our end, whatever ends us. */
function startGuardian(folder: StateFolder): {
  identity: ProcessIdentity | undefined
  close(): Promise<void>
} {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(import.meta.dirname, 'guardian.ts'), folder.root],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  )
  child.stdin?.on('error', () => {})
  return {
    identity: child.pid === undefined ? undefined : identityOf(child.pid),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.stdin?.end()
      await once(child, 'exit')
    },
  }
}
