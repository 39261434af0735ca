import { join } from 'node:path'
import { readBotyardDir, repository } from '@botyard/local-infra'

/** The state folder that `npm start` uses; reports lie in it, and run.json. */
export function stateFolder(): string {
  return readBotyardDir()
}

/** A file of one of the apps, here or in another repository: `worker/src/server.ts`. */
export function appFile(path: string, root: string = repository): string {
  return join(root, 'apps', path)
}

/** A folder of bots that only the harness runs. */
export function botsFolder(path: string, root: string = repository): string {
  return join(root, 'infra', 'harness', 'bots', path)
}
