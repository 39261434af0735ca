import { join } from 'node:path'
import { repository } from '../config.ts'
import type { ChildSpec } from '../processes/supervised-child.ts'
import { nodeOptions } from './node-options.ts'

/**
 * The apps and the folders they live in, in the order in which they end: no intake first, then no work, then
 * no steering.
 */
export const apps = { gateway: 'ingest-gateway', worker: 'worker', admin: 'admin' } as const
export type AppName = keyof typeof apps

/** One app as a process of its own, ready when its ops route says so. */
export function appProcess(
  name: AppName,
  { env, logs, opsUrl }: { env: NodeJS.ProcessEnv; logs: string; opsUrl: string },
): ChildSpec {
  return {
    name,
    command: process.execPath,
    args: [...nodeOptions[apps[name]], join(repository, 'apps', apps[name], 'src', 'server.ts')],
    cwd: repository,
    env,
    log: join(logs, `${name}.log`),
    stopSignal: 'SIGTERM',
    stopTurn: Object.keys(apps).indexOf(name) + 1,
    stopWithinMs: 30_000,
    async isReady() {
      const { ok } = await fetch(`${opsUrl}/ready`, { signal: AbortSignal.timeout(3000) })
      return ok
    },
  }
}
