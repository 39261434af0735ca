import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const readyTimeoutMs = 30_000
const closeTimeoutMs = 15_000

/** What a process is started with. Its log goes to `<directory>/<name>.log`. */
export interface NodeProcessOptions {
  readonly name: string
  readonly file: string
  readonly env: Readonly<Record<string, string>>
  readonly directory: string
  readonly profiles: string | undefined
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[]
  /** A module that is loaded first and answers each message of its parent with one of its own. */
  readonly probe?: string | undefined
}

/** A Node process with its output in a file. */
export interface NodeProcess {
  readonly pid: number
  /** What the probe answers; never without one. */
  ask(question: string): Promise<unknown>
  /** SIGTERM, and SIGKILL for one that does not heed it. */
  close(): Promise<void>
}

const running = new Set<number>()
process.once('exit', () => {
  for (const pid of running) process.kill(pid, 'SIGKILL')
})

/**
 * Starts a file with this Node and nothing of this environment but PATH; resolves when its log says `ready`,
 * rejects with the log's end when it stops before or takes longer than 30 s. Ends with this process, whatever
 * happens.
 */
export async function startNode(options: NodeProcessOptions): Promise<NodeProcess> {
  const { name, file, env, directory, profiles, probe, nodeOptions = [] } = options
  const logPath = join(directory, `${name}.log`)
  const log = await open(logPath, 'w')
  const profileName = `${basename(directory)}-${name}.cpuprofile`
  const profiling = profiles
    ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${profileName}`]
    : []
  const probing = probe ? ['--import', probe] : []
  const child = spawn(process.execPath, [...nodeOptions, ...profiling, ...probing, file], {
    stdio: ['ignore', log.fd, log.fd, ...(probe ? ['ipc' as const] : [])],
    env: { PATH: process.env.PATH ?? '', ...env },
  })
  await once(child, 'spawn')
  await log.close()
  const pid = child.pid!
  running.add(pid)
  const exited = once(child, 'exit').then(() => running.delete(pid))

  const close = async () => {
    child.kill('SIGTERM')
    const patience = new AbortController()
    const late = delay(closeTimeoutMs, 'late', { signal: patience.signal }).catch(() => 'in time')
    if ((await Promise.race([exited, late])) === 'late') child.kill('SIGKILL')
    patience.abort()
    await exited
  }
  try {
    await untilReady(name, logPath, () => running.has(pid))
  } catch (error) {
    await close()
    throw error
  }
  return {
    pid,
    close,
    async ask(question) {
      child.send(question)
      const [answer] = await once(child, 'message')
      return answer
    },
  }
}

async function untilReady(name: string, logPath: string, isRunning: () => boolean): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs
  for (;;) {
    const goesOn = isRunning() && performance.now() < deadline
    const log = await readFile(logPath, 'utf8')
    if (log.includes('"msg":"ready"')) return
    if (!goesOn)
      throw new Error(`The ${name} did not become ready. Its log (${logPath}) ends:\n${log.slice(-2000)}`)
    await delay(50)
  }
}
