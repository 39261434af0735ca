import { type RunFile, readRunFile } from '@botyard/local-infra'
import { UnreachableError } from '../shared/errors.ts'

/** How to talk to a running system, as its run file says. */
export type RunningSystem = Pick<RunFile, 'gatewayUrl' | 'adminUrl' | 'adminToken'>

/** Reads the file that `npm start` writes, or throws {@link UnreachableError}. */
export function readRunningSystem(path: string): RunningSystem {
  const run: Partial<RunFile> | undefined = readRunFile(path)
  if (run === undefined) {
    throw new UnreachableError(
      `No running system found (no readable ${path}). Start it with: npm start (or name its run file: --run)`,
    )
  }
  const { gatewayUrl, adminUrl, adminToken } = run
  if (!gatewayUrl || !adminUrl || !adminToken) {
    throw new UnreachableError(
      `${path} lacks gatewayUrl, adminUrl or adminToken. Start the system anew with: npm start`,
    )
  }
  return { gatewayUrl, adminUrl, adminToken }
}
