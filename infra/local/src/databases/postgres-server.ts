import { execFileSync } from 'node:child_process'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { inheritedEnvironment } from '../config.ts'
import { StartupError } from '../errors.ts'
import { runToEnd } from '../processes/run-to-end.ts'
import type { ChildSpec } from '../processes/supervised-child.ts'
import { systemEnvironment } from '../processes/system-environment.ts'
import type { PostgresPrograms } from './postgres-programs.ts'
import { appsRole, prepareDatabase } from './prepare-database.ts'

/** What one of the stack's own database servers is started with. */
export interface PostgresServerOptions {
  /** `control`, `shard-1`, …: the name of its folder and, with `_` for `-`, of its database. */
  readonly name: string
  readonly programs: PostgresPrograms
  /** The folder that holds the folders of all servers. */
  readonly folder: string
  readonly port: number
  /** Of the superuser, who makes database and role; the apps are another one. */
  readonly password: string
  readonly appsPassword: string
  /** Users can be moved from and to it. */
  readonly replicates: boolean
  readonly log: string
}

const superuser = 'botyard'

/** A private Postgres on 127.0.0.1 with one database; `url` is the apps'. */
export function postgresServer(options: PostgresServerOptions): ChildSpec & { readonly url: string } {
  const { name, programs, folder, port, password, appsPassword, replicates, log } = options
  const { prefix, owner: _, ...as } = programs.runAs
  const data = join(folder, name)
  const database = name.replaceAll('-', '_')
  const urlOf = (user: string, secret: string, db: string) =>
    `postgres://${user}:${secret}@127.0.0.1:${port}/${db}`
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // Paths of sockets are short and shared by all: TCP with a password does.
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '64MB',
    log_checkpoints: 'off',
    // Users can be moved between the shards.
    wal_level: 'logical',
  }
  const server = [
    programs.postgres,
    '-D',
    data,
    ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
  ]
  const [command, ...args] = [...prefix, ...server]
  return {
    name: `postgres ${name}`,
    url: urlOf(appsRole, appsPassword, database),
    command: command!,
    args,
    ...as,
    cwd: folder,
    env: { ...systemEnvironment(inheritedEnvironment), LC_ALL: 'C' },
    log,
    // Fast shutdown: ends connections, writes everything down.
    stopSignal: 'SIGINT',
    stopTurn: 4,
    stopWithinMs: 20_000,
    async prepare() {
      if (!existsSync(data)) await initialise(options, data)
      await endOrphan(data)
    },
    isReady: async () => {
      await prepareDatabase({
        adminUrl: urlOf(superuser, password, 'postgres'),
        ownUrl: urlOf(superuser, password, database),
        ...{ database, password: appsPassword, replicates },
      })
      return true
    },
  }
}

/** Makes the data folder under another name first: one that is there is whole, whenever we may be killed. */
async function initialise(
  { programs, password, log, name }: PostgresServerOptions,
  data: string,
): Promise<void> {
  const draft = `${data}.new`
  rmSync(draft, { recursive: true, force: true })
  const { prefix, owner, ...as } = programs.runAs
  mkdirSync(draft, { mode: 0o700 })
  const secretFolder = mkdtempSync(join(tmpdir(), 'botyard-initdb-'))
  const passwordFile = join(secretFolder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (owner) for (const path of [draft, secretFolder, passwordFile]) chownSync(path, owner.uid, owner.gid)
  try {
    const env = { ...systemEnvironment(inheritedEnvironment), LC_ALL: 'C' }
    const [command, ...args] = [
      ...[
        ...prefix,
        programs.initdb,
        `--pgdata=${draft}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
      ],
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-instructions'],
    ]
    const { code, output } = await runToEnd(command!, args, { ...as, env, log })
    if (code !== 0) {
      const full = /no space left/i.test(output)
      throw new StartupError(
        `The database ${name} could not be made: ${output.trim().split('\n').at(-1)}`,
        full ? 'The disk is full: free some space and start again.' : `All that was said is in ${log}.`,
      )
    }
    renameSync(draft, data)
  } finally {
    rmSync(secretFolder, { recursive: true, force: true })
    rmSync(draft, { recursive: true, force: true })
  }
}

/**
 * After a kill -9 of the server its pid file stays. Postgres trusts that pid if any process has it by now and
 * would not start; a server of ours that still runs (its guardian was killed as well) must end before the
 * next one begins.
 */
async function endOrphan(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8').split('\n', 1)[0])
  while (pid > 0 && isPostgresOf(pid, data)) {
    process.kill(pid, 'SIGINT')
    await sleep(100)
  }
  rmSync(file, { force: true })
}

function isPostgresOf(pid: number, data: string): boolean {
  try {
    const command =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return command.includes(data)
  } catch {
    return false
  }
}

/** Whether a database can be talked to; the reason if not. */
export async function databaseProblem(url: string): Promise<string | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return undefined
  } catch (error) {
    return (error as Error).message || 'no connection'
  } finally {
    await client.end().catch(() => {})
  }
}
