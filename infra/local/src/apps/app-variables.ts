import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { TObject } from 'typebox'
import { repository, configSchema as startSchema } from '../config.ts'

/** The programs of the stack that read a configuration, and the schemas that say what each may read. */
const schemas = {
  gateway: ['ingest-gateway', 'configSchema'],
  worker: ['worker', 'configSchema'],
  admin: ['admin', 'configSchema'],
  migrate: ['admin', 'migrationConfigSchema'],
  migrateBots: ['worker', 'migrationConfigSchema'],
  issueToken: ['admin', 'tokenConfigSchema'],
} as const
export type ProgramName = keyof typeof schemas

/** The names of the variables of each program. */
export type AppVariables = Readonly<Record<ProgramName | 'start', ReadonlySet<string>>>

/** Reads them from the apps' own schemas, so that nothing is listed twice. */
export async function readAppVariables(): Promise<AppVariables> {
  const read = async (name: ProgramName) =>
    [name, new Set(Object.keys((await readAppSchema(name)).properties))] as const
  const programs = await Promise.all((Object.keys(schemas) as ProgramName[]).map(read))
  return {
    ...(Object.fromEntries(programs) as unknown as Record<ProgramName, ReadonlySet<string>>),
    start: new Set(Object.keys(startSchema.properties)),
  }
}

/** The schema of what a program reads from its environment. */
export async function readAppSchema(name: ProgramName): Promise<TObject> {
  const [app, schema] = schemas[name]
  const file = join(repository, 'apps', app, 'src', 'config.ts')
  const module = (await import(pathToFileURL(file).href)) as Record<string, TObject>
  return module[schema]!
}
