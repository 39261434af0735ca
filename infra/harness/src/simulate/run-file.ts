import { readFile } from 'node:fs/promises'
import { UnreachableError } from './errors.ts'

/** What of `.botyard/run.json` is needed to talk to the running system. */
export interface RunFile {
  readonly gatewayUrl: string
  readonly adminUrl: string
  /** An owner's bearer token. */
  readonly adminToken: string
}

/** Reads the file that `npm start` writes, or throws {@link UnreachableError}. */
export async function readRunFile(path: string): Promise<RunFile> {
  let run: Partial<RunFile>
  try {
    run = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new UnreachableError(
      `No running system found (no readable ${path}). Start it with: npm start (or name its run file: --run)`,
      { cause },
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
