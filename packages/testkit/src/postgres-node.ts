import { readFile } from 'node:fs/promises'
import type { TestProcess } from './child.ts'
import { launchCluster, runSql } from './postgres-cluster.ts'
import type { PostgresPrograms } from './postgres-programs.ts'
import { guardProcess, releaseProcess } from './process-guard.ts'

/** One server of a pair, that can be killed, frozen and started again. */
export interface PostgresNode {
  readonly port: number
  readonly dir: string
  /** A database on it; default `postgres`. */
  url(database?: string): string
  /** One statement on a connection of its own; resolves with the rows. */
  sql(statement: string, database?: string): Promise<unknown[]>
  /** SIGKILL for all its processes, as when the machine dies. */
  kill(): Promise<void>
  /** SIGSTOP for all its processes: connections stand, nothing answers. */
  freeze(): Promise<void>
  /** SIGCONT. */
  thaw(): void
  /** Starts it again on the same port and data; resolves when it takes connections. */
  start(settings?: Readonly<Record<string, string>>): Promise<void>
  /** SIGINT: a fast shutdown. */
  stop(): Promise<void>
}

/** A server on data that exists already; not started yet. */
export function createPostgresNode(
  programs: PostgresPrograms,
  dir: string,
  port: number,
  fixed: Readonly<Record<string, string>>,
): PostgresNode {
  let server: TestProcess | undefined
  let frozen: number[] = []
  const url = (database = 'postgres') => `postgres://postgres@127.0.0.1:${port}/${database}`
  const release = () => {
    for (const pid of frozen) releaseProcess(pid)
    frozen = []
  }
  const thaw = () => {
    for (const pid of frozen) signal(pid, 'SIGCONT')
    release()
    server?.resume()
  }
  return {
    port,
    dir,
    url,
    sql: (statement, database) => runSql(url(database), statement),
    async kill() {
      if (server === undefined) return
      // The parent first: it would start anew what dies below it.
      server.pause()
      for (const pid of await childrenOf(server.pid)) signal(pid, 'SIGKILL')
      await server.kill()
      release()
    },
    async freeze() {
      if (server === undefined) return
      // The parent first: it starts no more children then.
      server.pause()
      frozen = await childrenOf(server.pid)
      // A frozen process does not see that its parent has died.
      for (const pid of frozen) guardProcess(pid)
      for (const pid of frozen) signal(pid, 'SIGSTOP')
    },
    thaw,
    async start(settings = {}) {
      server = await launchCluster(programs, dir, port, { ...fixed, ...settings })
      await server.waitForLine(/database system is ready to accept (read-only )?connections/)
    },
    async stop() {
      thaw()
      await server?.kill('SIGINT')
    },
  }
}

/** Every Unix has /proc or pgrep; a slim image often has no pgrep. */
async function childrenOf(pid: number): Promise<number[]> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
    return text.split(' ').filter(Boolean).map(Number)
  }
  const { execFile } = await import('node:child_process')
  const { promisify } = await import('node:util')
  const { stdout } = await promisify(execFile)('pgrep', ['-P', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.split('\n').filter(Boolean).map(Number)
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}
