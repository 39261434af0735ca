import { accessSync, constants, existsSync, mkdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from '../errors.ts'

/** Where everything of a local stack lies; all of it survives restarts, but for `run` and `supervisor`. */
export interface StateFolder {
  readonly root: string
  readonly postgres: string
  readonly redis: string
  readonly redisConfig: string
  readonly secrets: string
  readonly logs: string
  /** run.json: what tools need to talk to the running stack. */
  readonly run: string
  /** supervisor.json: who supervises, and which processes it has started. */
  readonly supervisor: string
}

/** Three database servers and their logs ahead: 3 × 40 MB, and some room for data. */
const firstStartBytes = 300 * 2 ** 20
const laterStartBytes = 50 * 2 ** 20

/** The paths below a root, which need not exist. */
export function stateFolder(root: string): StateFolder {
  return {
    root,
    postgres: join(root, 'postgres'),
    redis: join(root, 'redis'),
    redisConfig: join(root, 'redis.conf'),
    secrets: join(root, 'secrets'),
    logs: join(root, 'logs'),
    run: join(root, 'run.json'),
    supervisor: join(root, 'supervisor.json'),
  }
}

/** Makes the folders; throws a `StartupError` if that is not allowed or the disk is all but full. */
export function prepareStateFolder(folder: StateFolder): void {
  try {
    mkdirSync(folder.root, { recursive: true })
    accessSync(folder.root, constants.W_OK)
    for (const path of [folder.postgres, folder.redis, folder.logs]) mkdirSync(path, { recursive: true })
    mkdirSync(folder.secrets, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new StartupError(
      `The state folder ${folder.root} cannot be written: ${(cause as Error).message}.`,
      'Make it yours (`chown`), free some disk space, or name another folder: BOTYARD_DIR=/some/folder npm start',
      { cause },
    )
  }
  const { bavail, bsize } = statfsSync(folder.root)
  const needed = existsSync(join(folder.postgres, 'control')) ? laterStartBytes : firstStartBytes
  if (bavail * bsize < needed) {
    throw new StartupError(
      `The disk that holds ${folder.root} is full: ${Math.floor((bavail * bsize) / 2 ** 20)} MB are free, ${needed / 2 ** 20} MB are needed.`,
      'Free some space, or name a folder on another disk: BOTYARD_DIR=/some/folder npm start',
    )
  }
}

/**
 * Forgets all state: data, secrets, logs. Only what is ours: the folder may hold more, or be the wrong one.
 */
export function resetStateFolder(folder: StateFolder): void {
  for (const path of [folder.postgres, folder.redis, folder.redisConfig, folder.secrets, folder.logs]) {
    rmSync(path, { recursive: true, force: true })
  }
}
