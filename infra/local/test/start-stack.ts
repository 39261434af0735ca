import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, startProcess, type TestProcess } from '@botyard/testkit'
import { identityOf } from '../src/processes/process-identity.ts'
import type { RunFile } from '../src/state/run-file.ts'

/** A state folder and ports of a test's own, removed at its end. */
export interface StackPlace {
  readonly dir: string
  readonly env: Record<string, string>
  /** `npm start` without npm and bootstrap; killed at the end of the test if it still runs. */
  start(args?: string[], env?: Record<string, string>): Promise<TestProcess>
  run(): RunFile
  /** The permissions of run.json, as `600`. */
  runMode(): string
}

/** Chooses a place for a stack; nothing is started yet. */
export async function stackPlace(t: TestContext): Promise<StackPlace> {
  const dir = mkdtempSync(join(tmpdir(), 'botyard-stack-'))
  const names = ['GATEWAY_PORT', 'ADMIN_PORT', 'GATEWAY_OPS_PORT', 'WORKER_OPS_PORT', 'ADMIN_OPS_PORT']
  const ports = await Promise.all(names.map(async name => [name, String(await freePort())] as const))
  const env = { ...Object.fromEntries(ports), BOTYARD_DIR: dir }
  const started: TestProcess[] = []
  t.after(async () => {
    await Promise.all(started.map(stack => stack.kill('SIGTERM')))
    await rm(dir, { recursive: true, force: true })
  })
  return {
    dir,
    env,
    async start(args = [], more = {}) {
      const file = join(import.meta.dirname, '..', 'src', 'commands', 'start.ts')
      const stack = await startProcess(file, { args, env: { ...env, ...more } })
      started.push(stack)
      return stack
    },
    run: () => JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')),
    runMode: () => (statSync(join(dir, 'run.json')).mode & 0o777).toString(8),
  }
}

/** All processes that a run has named. */
export function pidsOf({ pids }: RunFile): number[] {
  return Object.values(pids).flat()
}

/** Resolves once none of the processes runs any more. */
export async function allEnded(pids: number[]): Promise<void> {
  while (pids.some(pid => identityOf(pid))) await sleep(10)
}
