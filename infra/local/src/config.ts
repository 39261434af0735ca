import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { ConfigError, postgresUrl, readConfig, redisUrl, shardsConfig, shardsOf } from '@botyard/service-kit'
import { type Static, Type } from 'typebox'
import { StartupError } from './errors.ts'

const port = (value: number, what: string) =>
  Type.Integer({ minimum: 1, maximum: 65_535, default: value, description: `Port of ${what}.` })

/** What `npm start` reads; all other variables are passed on to the apps as they are. */
export const configSchema = Type.Object({
  BOTYARD_DIR: Type.String({
    default: '.botyard',
    description:
      'Where the local stack keeps its data, secrets, logs and run.json; relative to the repository.',
  }),
  GATEWAY_PORT: port(8080, "the gateway's webhooks"),
  ADMIN_PORT: port(8081, 'the admin API'),
  GATEWAY_OPS_PORT: port(9101, "the gateway's ops routes"),
  WORKER_OPS_PORT: port(9102, "the worker's ops routes"),
  ADMIN_OPS_PORT: port(9103, "the admin's ops routes"),
  REDIS_URL: Type.Optional(redisUrl('A Redis to use instead of a private one.')),
  DURABILITY: Type.Union([Type.Literal('strict'), Type.Literal('relaxed')], {
    default: 'strict',
    description:
      'How the private Redis writes to disk: before every answer (strict), or every second (relaxed).',
  }),
  CONTROL_DATABASE_URL: Type.Optional(
    postgresUrl({ description: 'A control database to use instead of an embedded one.' }),
  ),
  SHARDS: shardsConfig.SHARDS,
  SHARD_DATABASE_URLS: shardsConfig.SHARD_DATABASE_URLS,
})
export type Config = Static<typeof configSchema>

/** The repository's root, an absolute path. */
export const repository = resolve(import.meta.dirname, '..', '..', '..')

/** The folder of the bots that run unless `BOTS_DIR` names another. */
export const exampleBots = join(repository, 'packages', 'example-bots', 'src')

/** Reads the environment; throws a `StartupError` that names every variable that is wrong. */
export function readStartConfig(env: NodeJS.ProcessEnv = process.env): Config {
  try {
    const config = readConfig(configSchema, env)
    shardsOf(config)
    return { ...config, BOTYARD_DIR: absolute(config.BOTYARD_DIR) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new StartupError(
      error.message,
      `Change them in the environment or in ${join(repository, '.env')}.`,
      {
        cause: error,
      },
    )
  }
}

/** The state folder that `npm start` uses, an absolute path. */
export function readBotyardDir(env: NodeJS.ProcessEnv = process.env): string {
  const { BOTYARD_DIR } = configSchema.properties
  return absolute(readConfig(Type.Object({ BOTYARD_DIR }), env).BOTYARD_DIR)
}

function absolute(folder: string): string {
  return resolve(repository, folder.replace(/^~(?=\/)/, homedir()))
}

/** The environment that every process of the stack inherits. */
export const inheritedEnvironment: Readonly<NodeJS.ProcessEnv> = process.env
