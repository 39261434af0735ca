import { join } from 'node:path'
import { readBotyardDir, repository } from '@botyard/local-infra'

/** The state folder that `npm start` uses; reports lie in it, and run.json. */
export function stateFolder(): string {
  return readBotyardDir()
}

/** A file of one of the apps: `worker/src/server.ts`. */
export function appFile(path: string): string {
  return join(repository, 'apps', path)
}

/** A folder of bots that only the harness runs. */
export function botsFolder(path: string): string {
  return join(import.meta.dirname, '..', '..', 'bots', path)
}
