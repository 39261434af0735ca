import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProcess } from './child.ts'
import { databaseFolder } from './database-folder.ts'
import { freePort } from './free-port.ts'
import { copyOrInitialiseCluster, initialiseCluster, launchCluster, runSql } from './postgres-cluster.ts'
import { findPostgresPrograms } from './postgres-programs.ts'

/** A real Postgres server of one's own. */
export interface TestPostgres {
  /**
   * The template: what it holds is in every database created later, so nobody may be connected to it then.
   */
  readonly url: string
  readonly pid: number
  /**
   * Clones the template, or the database at `like`, that nobody may be connected to then: a few dozen
   * milliseconds. Resolves to the new database's url.
   */
  createDatabase(options?: { like?: string }): Promise<string>
  /** SIGSTOP: it answers nothing and keeps its connections (those already open are served on). */
  pause(): void
  /** SIGCONT. */
  resume(): void
  /** Ends the server, even while clients are connected, and removes its data. */
  stop(): Promise<void>
}

const template = 'template'

/**
 * Starts Postgres on a free port of 127.0.0.1, without fsync and passwords: its data is worth nothing.
 * `settings` are those of postgresql.conf, such as `{ wal_level: 'logical' }`; `programs` is the folder of
 * another version than the embedded one.
 */
export async function startPostgres({
  settings = {},
  programs: folder,
}: {
  settings?: Readonly<Record<string, string>>
  programs?: string
} = {}): Promise<TestPostgres> {
  const programs = await findPostgresPrograms(folder)
  const dir = await mkdtemp(join(databaseFolder(), 'botyard-postgres-'))
  const port = await freePort()
  const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  let server: TestProcess | undefined
  try {
    await (folder === undefined ? copyOrInitialiseCluster : initialiseCluster)(programs, dir)
    server = await launchCluster(programs, dir, port, {
      ...{ synchronous_commit: 'off', full_page_writes: 'off' },
      ...settings,
    })
    await server.waitForLine('database system is ready to accept connections')
    await runSql(url('postgres'), `CREATE DATABASE ${template}`)
  } catch (error) {
    await server?.kill('SIGQUIT')
    await rm(dir, { recursive: true, force: true })
    throw error
  }

  const { pid, pause, resume, kill } = server
  let databases = 0
  return {
    url: url(template),
    pid,
    pause,
    resume,
    async createDatabase({ like = url(template) } = {}) {
      const name = `test_${++databases}`
      const original = new URL(like).pathname.slice(1)
      await runSql(url('postgres'), `CREATE DATABASE ${name} TEMPLATE ${original} STRATEGY file_copy`)
      return url(name)
    },
    async stop() {
      await kill('SIGINT') // Fast shutdown: it ends the connections and its own processes.
      await rm(dir, { recursive: true, force: true })
    },
  }
}
