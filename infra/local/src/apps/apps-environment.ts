import { join } from 'node:path'
import { type Config, exampleBots } from '../config.ts'
import { systemEnvironment } from '../processes/system-environment.ts'
import type { AppVariables, ProgramName } from './app-variables.ts'

/** Where an app finds its data. */
export interface DataUrls {
  readonly redisUrl: string
  readonly controlDatabaseUrl: string
  readonly shards: readonly { readonly id: string; readonly hosts: readonly string[] }[]
}

/** The environment of one program of the stack. */
export type EnvironmentOf = (program: ProgramName) => NodeJS.ProcessEnv

/** The programs that run bots' code, which may have variables of its own. */
const runsBots: ReadonlySet<ProgramName> = new Set<ProgramName>(['worker', 'migrateBots'])

/**
 * Makes the environments of the stack's programs. What the user set wins, the rest is what a local stack
 * needs; and each program gets only what it reads: bots' code in a worker finds no key of the admin tokens,
 * and the gateway finds no key of a bot.
 */
export function appsEnvironment(
  inherited: NodeJS.ProcessEnv,
  config: Config,
  data: DataUrls,
  { secretsFolder, variables }: { secretsFolder: string; variables: AppVariables },
): EnvironmentOf {
  // What is empty counts as not set; how npm was called is none of the apps' business.
  const set = Object.fromEntries(
    Object.entries(inherited).filter(([name, value]) => value && !name.startsWith('npm_')),
  )
  const ours = settings(set, config, data, secretsFolder)
  const known = new Set(Object.values(variables).flatMap(names => [...names]))
  const baseName = (name: string) => name.replace(/_FILE$/, '')
  const isOurs = (name: string) => known.has(name) || known.has(baseName(name))

  return program => {
    const reads = (name: string) => variables[program].has(name) || variables[program].has(baseName(name))
    const others = runsBots.has(program)
      ? Object.fromEntries(Object.entries(set).filter(([name]) => !isOurs(name)))
      : systemEnvironment(set)
    return { ...others, ...Object.fromEntries(Object.entries(ours).filter(([name]) => reads(name))) }
  }
}

/** All settings of Botyard, of whichever program. */
function settings(
  set: NodeJS.ProcessEnv,
  config: Config,
  data: DataUrls,
  secretsFolder: string,
): NodeJS.ProcessEnv {
  const host = '127.0.0.1'
  const env: NodeJS.ProcessEnv = {
    PUBLIC_URL: `http://${host}:${config.GATEWAY_PORT}`,
    // Nothing of a local stack is open to the network unless asked for.
    GATEWAY_HOST: host,
    ADMIN_HOST: host,
    BOTS_DIR: exampleBots,
    ...set,
    // Local Bot API servers, reply urls and the simulator all live here.
    ALLOW_PRIVATE_TARGETS: ['127.0.0.0/8', '::1/128', set.ALLOW_PRIVATE_TARGETS].filter(Boolean).join(','),
    GATEWAY_PORT: String(config.GATEWAY_PORT),
    ADMIN_PORT: String(config.ADMIN_PORT),
    GATEWAY_OPS_PORT: String(config.GATEWAY_OPS_PORT),
    WORKER_OPS_PORT: String(config.WORKER_OPS_PORT),
    ADMIN_OPS_PORT: String(config.ADMIN_OPS_PORT),
    DURABILITY: config.DURABILITY,
    REDIS_URL: data.redisUrl,
    CONTROL_DATABASE_URL: data.controlDatabaseUrl,
    SHARDS: JSON.stringify(data.shards),
    SHARD_DATABASE_URLS: undefined,
  }
  // Files rather than variables: an environment is shown by `ps` and inherited by whatever an app starts.
  for (const name of ['KEYRING', 'NAMING_KEY', 'JWT_KEYS']) {
    if (!set[name] && !set[`${name}_FILE`]) env[`${name}_FILE`] = join(secretsFolder, name)
  }
  return env
}
