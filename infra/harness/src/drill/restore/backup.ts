import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { untilTrue } from '@botyard/testkit'
import type { Env } from '../../shared/apps.ts'
import type { Installation } from '../../shared/installation.ts'
import { mustRun } from '../../shared/run-program.ts'

/** The keys without which no backup can be read. */
type Keys = Readonly<Record<'KEYRING' | 'NAMING_KEY', string>>

const redisCli = async (port: number, ...command: readonly string[]) =>
  (await mustRun('redis-cli', ['-p', String(port), ...command])).trim()

/** Resolves when no mailbox holds anything: what was sent is settled too, and will not be sent again. */
export async function untilAllSettled(port: number): Promise<void> {
  const mail = () => redisCli(port, '--scan', '--pattern', '*:mb:*:m:*')
  await untilTrue(async () => (await mail()) === '', 'empty mailboxes')
}

/** Keys, Redis, then the databases: the order of docs/runbooks/backup-and-restore.md. */
export async function takeBackup(system: Installation, programs: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'keys.json'), JSON.stringify(keysOf(system.env)), { mode: 0o600 })
  const { port, dir } = system.redis
  const before = await redisCli(port, 'LASTSAVE')
  await redisCli(port, 'BGSAVE')
  await untilTrue(async () => {
    const info = await redisCli(port, 'INFO', 'persistence')
    return info.includes('rdb_bgsave_in_progress:0') && (await redisCli(port, 'LASTSAVE')) >= before
  }, 'BGSAVE')
  await copyFile(join(dir, 'dump.rdb'), join(folder, 'dump.rdb'))
  await dump(programs, system.controlUrl, join(folder, 'control.dump'))
  for (const [i, url] of system.shardUrls.entries()) await dump(programs, url, join(folder, `s${i + 1}.dump`))
}

/** The keys of a backup, as variables of the apps. */
export async function readKeys(folder: string): Promise<Keys> {
  return JSON.parse(await readFile(join(folder, 'keys.json'), 'utf8')) as Keys
}

/** Loads the dumps into databases that are there and empty. */
export async function restoreDatabases(
  system: Installation,
  programs: string,
  folder: string,
): Promise<void> {
  await load(programs, system.controlUrl, join(folder, 'control.dump'))
  for (const [i, url] of system.shardUrls.entries()) await load(programs, url, join(folder, `s${i + 1}.dump`))
}

/**
 * What a Redis is started with so that it reads the dump: one that is started with `appendonly yes` and
 * finds no append-only file begins empty, whatever dump lies beside it.
 */
export const readsDump = ['--appendonly', 'no', '--dbfilename', 'dump.rdb'] as const

/** Writes the append-only file from what was loaded, before anything else is accepted. */
export async function turnAofOn(port: number): Promise<void> {
  await redisCli(port, 'CONFIG', 'SET', 'appendonly', 'yes')
  await untilTrue(async () => {
    const info = await redisCli(port, 'INFO', 'persistence')
    return (
      /aof_enabled:1/.test(info) &&
      /aof_rewrite_in_progress:0/.test(info) &&
      /aof_rewrite_scheduled:0/.test(info)
    )
  }, 'the append-only file')
}

function keysOf(env: Env): Keys {
  return { KEYRING: env.KEYRING!, NAMING_KEY: env.NAMING_KEY! }
}

async function dump(programs: string, url: string, file: string): Promise<void> {
  await mustRun(join(programs, 'pg_dump'), ['--format=custom', `--file=${file}`, `--dbname=${url}`])
}

async function load(programs: string, url: string, file: string): Promise<void> {
  await mustRun(join(programs, 'pg_restore'), ['--exit-on-error', '--no-owner', `--dbname=${url}`, file])
}
