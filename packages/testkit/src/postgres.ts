import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { startChild, type TestProcess } from './child.ts'
import { freePort } from './free-port.ts'
import { findPostgresPrograms, type PostgresPrograms } from './postgres-programs.ts'

/** A real Postgres server of one's own. */
export interface TestPostgres {
  /** The template: what it holds is in every database created later, so nobody may be connected to it then. */
  readonly url: string
  readonly pid: number
  /** Clones the template, a few dozen milliseconds, and answers the new database's url; one per test file is the habit. */
  createDatabase(): Promise<string>
  /** SIGSTOP: it answers nothing and keeps its connections (those already open are served on). */
  pause(): void
  /** SIGCONT. */
  resume(): void
  /** Ends the server, whoever is connected, and removes its data. */
  stop(): Promise<void>
}

const TEMPLATE = 'template'

/** Starts Postgres on a free port of 127.0.0.1, without fsync and passwords: its data is worth nothing. */
export async function startPostgres(): Promise<TestPostgres> {
  const programs = await findPostgresPrograms()
  const dir = await mkdtemp(join(tmpdir(), 'botyard-postgres-'))
  const port = await freePort()
  const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  let server: TestProcess | undefined
  try {
    await initialise(programs, dir)
    server = await launch(programs, dir, port)
    await server.waitForLine('database system is ready to accept connections')
    await run(url('postgres'), `CREATE DATABASE ${TEMPLATE}`)
  } catch (error) {
    await server?.kill('SIGQUIT')
    await rm(dir, { recursive: true, force: true })
    throw error
  }

  const { pid, pause, resume, kill } = server
  let databases = 0
  return {
    url: url(TEMPLATE),
    pid,
    pause,
    resume,
    async createDatabase() {
      const name = `test_${++databases}`
      await run(url('postgres'), `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY file_copy`)
      return url(name)
    },
    async stop() {
      await kill('SIGINT') // Fast shutdown: it ends the connections and its own processes.
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function initialise({ prefix, initdb, owner }: PostgresPrograms, dir: string): Promise<void> {
  if (owner !== undefined) await chown(dir, owner.uid, owner.gid)
  const [command, ...args] = [
    ...[...prefix, initdb, `--pgdata=${dir}`, '--username=postgres', '--auth=trust'],
    ...['--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'],
  ]
  const child = await startChild(command!, args, { cwd: dir })
  const { code } = await child.exited
  if (code !== 0) throw new Error(`initdb failed with code ${code}. Its output:\n${child.lines.join('\n')}`)
}

function launch({ prefix, postgres }: PostgresPrograms, dir: string, port: number): Promise<TestProcess> {
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '', // No lock file outside our directory.
    max_connections: '200',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [command, ...args] = [...prefix, postgres, '-D', dir, ...flags]
  return startChild(command!, args, { cwd: dir })
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
