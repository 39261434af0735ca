import { access, chown, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { startChild, type TestProcess } from './child.ts'
import type { PostgresPrograms } from './postgres-programs.ts'

/** Makes a cluster in an empty folder, by initdb: it is like no other. */
export async function initialiseCluster(programs: PostgresPrograms, dir: string): Promise<void> {
  await giveToOwner(programs, dir)
  await runAsOwner(programs, dir, [
    ...[programs.initdb, `--pgdata=${dir}`, '--username=postgres', '--auth=trust'],
    ...['--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'],
  ])
}

/**
 * Makes a cluster in an empty folder. What initdb made once is copied, a tenth of its work, if
 * TEST_CLUSTER_FOLDER names a folder that lasts as long as the run; the copies have one system identifier.
 */
export async function copyOrInitialiseCluster(programs: PostgresPrograms, dir: string): Promise<void> {
  const shared = process.env.TEST_CLUSTER_FOLDER
  if (!shared) return initialiseCluster(programs, dir)
  const made = join(shared, 'cluster')
  if (!(await isThere(made))) await makeOnce(programs, made)
  await giveToOwner(programs, dir)
  await runAsOwner(programs, dir, ['cp', '-R', `${made}/.`, dir])
}

/** Several test processes may make it at once; the first to be ready wins. */
async function makeOnce(programs: PostgresPrograms, made: string): Promise<void> {
  const draft = await mkdtemp(`${made}-`)
  await initialiseCluster(programs, draft)
  try {
    await rename(draft, made)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await isThere(made))) throw error
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

export async function giveToOwner({ owner }: PostgresPrograms, dir: string): Promise<void> {
  if (owner !== undefined) await chown(dir, owner.uid, owner.gid)
}

/** Runs a command to its end as the user that owns the data. */
export async function runAsOwner(
  { prefix }: PostgresPrograms,
  cwd: string,
  command: readonly string[],
): Promise<void> {
  const [program, ...args] = [...prefix, ...command]
  const child = await startChild(program!, args, { cwd })
  const { code } = await child.exited
  if (code !== 0)
    throw new Error(`${command[0]} failed with code ${code}. Its output:\n${child.lines.join('\n')}`)
}

/** Starts a server without fsync: it survives the death of its processes, not of the machine. */
export function launchCluster(
  { prefix, postgres }: PostgresPrograms,
  dir: string,
  port: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<TestProcess> {
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '', // No lock file outside our directory.
    max_connections: '200',
    fsync: 'off',
    ...settings,
  }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [command, ...args] = [...prefix, postgres, '-D', dir, ...flags]
  return startChild(command!, args, { cwd: dir })
}

/** One statement on a connection of its own. */
export async function runSql(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {}) // A server that is killed meanwhile.
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
