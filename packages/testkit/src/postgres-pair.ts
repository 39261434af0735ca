import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { databaseFolder } from './database-folder.ts'
import { freePort } from './free-port.ts'
import { giveToOwner, initialiseCluster, runAsOwner } from './postgres-cluster.ts'
import { createPostgresNode, type PostgresNode } from './postgres-node.ts'
import { findPostgresPrograms, type PostgresPrograms } from './postgres-programs.ts'
import { untilTrue } from './until.ts'

/** A primary and its synchronous streaming standby: a commit is answered when both have it. */
export interface PostgresPair {
  readonly primary: PostgresNode
  readonly standby: PostgresNode
  /** Makes the standby a primary of its own, as Patroni would; resolves when it takes writes. */
  promote(): Promise<void>
  /**
   * Starts the old primary again as it was, knowing nothing of its successor, and without waiting for a
   * standby: it takes writes that nobody else has.
   */
  startRogue(): Promise<void>
  /** Ends both, even while clients are connected, and removes their data. */
  stop(): Promise<void>
}

const standbyName = 'standby'

/** Starts a pair on free ports of 127.0.0.1, without fsync and passwords; a few seconds. */
export async function startPostgresPair(
  options: { settings?: Readonly<Record<string, string>> } = {},
): Promise<PostgresPair> {
  const programs = await findPostgresPrograms()
  const settings = { wal_keep_size: '256MB', hot_standby: 'on', ...options.settings }
  const make = async (kind: string) => {
    const dir = await mkdtemp(join(databaseFolder(), `botyard-${kind}-`))
    return createPostgresNode(programs, dir, await freePort(), settings)
  }
  const primary = await make('primary')
  const standby = await make(standbyName)
  const pair: PostgresPair = {
    primary,
    standby,
    async promote() {
      await standby.sql('SELECT pg_promote(true, 30)')
      await untilTrue(
        async () =>
          ((await standby.sql('SELECT NOT pg_is_in_recovery() AS done')) as [{ done: boolean }])[0].done,
        'the standby is promoted',
      )
    },
    startRogue: () => primary.start({ synchronous_standby_names: '' }),
    async stop() {
      await Promise.all([primary.stop(), standby.stop()])
      await Promise.all([primary, standby].map(({ dir }) => rm(dir, { recursive: true, force: true })))
    },
  }
  try {
    await initialiseCluster(programs, primary.dir)
    await primary.start()
    await copyCluster(programs, primary, standby.dir)
    await standby.start()
    await primary.sql(`ALTER SYSTEM SET synchronous_standby_names = '${standbyName}'`)
    await primary.sql('SELECT pg_reload_conf()')
    await untilTrue(async () => {
      const rows = await primary.sql(`SELECT FROM pg_stat_replication WHERE sync_state = 'sync'`)
      return rows.length === 1
    }, 'the standby follows')
    return pair
  } catch (error) {
    await pair.stop()
    throw error
  }
}

/**
 * A base backup without pg_basebackup, which does not come with the programs: the files are copied between
 * start and stop.
 */
async function copyCluster(programs: PostgresPrograms, from: PostgresNode, dir: string): Promise<void> {
  const backup = new Client({ connectionString: from.url() })
  await backup.connect()
  try {
    await backup.query(`SELECT pg_backup_start('copy', true)`)
    await giveToOwner(programs, dir)
    await runAsOwner(programs, dir, ['cp', '-R', `${from.dir}/.`, dir])
    const { rows } = await backup.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
    // The log is streamed; what identifies the running server is not the copy's.
    for (const name of ['postmaster.pid', 'postmaster.opts']) await rm(join(dir, name), { force: true })
    for (const name of await readdir(join(dir, 'pg_wal'))) {
      if (/^[0-9A-F]{24}/.test(name)) await rm(join(dir, 'pg_wal', name))
    }
    const upstream = `host=127.0.0.1 port=${from.port} user=postgres application_name=${standbyName}`
    await writeAsOwner(programs, dir, 'backup_label', rows[0]!.labelfile)
    await writeAsOwner(programs, dir, 'standby.signal', '')
    await writeAsOwner(programs, dir, 'postgresql.auto.conf', `primary_conninfo = '${upstream}'\n`)
  } finally {
    await backup.end()
  }
}

async function writeAsOwner(
  programs: PostgresPrograms,
  dir: string,
  name: string,
  text: string,
): Promise<void> {
  await writeFile(join(dir, name), text)
  await giveToOwner(programs, join(dir, name))
}
