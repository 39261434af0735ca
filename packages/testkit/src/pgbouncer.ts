import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { startChild } from './child.ts'
import { freePort } from './free-port.ts'
import { giveToOwner } from './postgres-cluster.ts'
import { findPostgresPrograms } from './postgres-programs.ts'

/** A real PgBouncer in transaction mode. */
export interface TestPgBouncer {
  url(database?: string): string
  stop(): Promise<void>
}

/** Starts PgBouncer before a Postgres on a port of 127.0.0.1; `poolSize` connections to it at most. */
export async function startPgBouncer(postgresPort: number, { poolSize = 2 } = {}): Promise<TestPgBouncer> {
  const binary = await findPgBouncer()
  // It refuses root too, and its folder is read by whom it becomes.
  const programs = await findPostgresPrograms()
  const dir = await mkdtemp(join(tmpdir(), 'botyard-pgbouncer-'))
  const port = await freePort()
  const file = join(dir, 'pgbouncer.ini')
  await writeFile(file, settings(postgresPort, port, poolSize))
  await giveToOwner(programs, dir)
  await giveToOwner(programs, file)
  const [command, ...args] = [...(userInfo().uid === 0 ? programs.prefix : []), binary, file]
  const server = await startChild(command!, args)
  const stop = async () => {
    await server.kill('SIGKILL')
    await rm(dir, { recursive: true, force: true })
  }
  try {
    await server.waitForLine(/process up/)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: (database = 'postgres') => `postgres://postgres@127.0.0.1:${port}/${database}`, stop }
}

function settings(postgresPort: number, port: number, poolSize: number): string {
  return `[databases]
* = host=127.0.0.1 port=${postgresPort} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
server_login_retry = 1
`
}

async function findPgBouncer(): Promise<string> {
  // Debian's lies in /usr/sbin, which is not on everybody's path.
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']) {
    const file = join(folder, 'pgbouncer')
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return file
  }
  throw new Error(
    'These tests need the real PgBouncer, and it is not installed: apt-get install pgbouncer (Debian, Ubuntu), brew install pgbouncer (macOS)',
  )
}
