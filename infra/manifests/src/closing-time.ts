import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readAppSchema, repository } from '@botyard/local-infra'

/** The apps by the names of their programs, and their folders. */
export const appFolders = { gateway: 'ingest-gateway', worker: 'worker', admin: 'admin' } as const

/**
 * How long an app may take from SIGTERM to its end, in ms, by its own source: what its `server.ts` gives
 * `runUntilSignal`, with the defaults of its settings; with PROCESSES the primary waits five seconds more.
 */
export async function closingTimeMs(app: keyof typeof appFolders): Promise<number> {
  const file = join(repository, 'apps', appFolders[app], 'src', 'server.ts')
  const source = readFileSync(file, 'utf8')
  const [, said] = /(?:closeWithinMs = |delayMs: )([^\n,]*\d[^\n,]*)/.exec(source) ?? []
  if (said === undefined) throw new Error(`${file} does not say how long closing may take`)
  const { properties } = await readAppSchema(app)
  const terms = said.split('+').map(term => term.trim())
  const values = terms.map(term => {
    const [, setting] = /^config\.(\w+)$/.exec(term) ?? []
    if (setting === undefined) return Number(term.replaceAll('_', ''))
    return (properties[setting] as unknown as { default: number }).default
  })
  const sum = values.reduce((total, value) => total + value, 0)
  if (!Number.isFinite(sum)) throw new Error(`${file}: cannot read ${said}`)
  return sum + primaryMs
}

/** fork-processes.ts */
const primaryMs = 5_000
