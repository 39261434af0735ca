import { join } from 'node:path'
import type { Config } from './config.ts'

/** Where an app finds its data. */
export interface DataUrls {
  readonly redisUrl: string
  readonly controlDatabaseUrl: string
  readonly shards: readonly { readonly id: string; readonly hosts: readonly string[] }[]
}

/** The environment of all three apps: what the user set wins, the rest is what a local stack needs. */
export function appsEnvironment(
  inherited: NodeJS.ProcessEnv,
  config: Config,
  data: DataUrls,
  secretsFolder: string,
): NodeJS.ProcessEnv {
  const host = '127.0.0.1'
  const set = Object.fromEntries(
    // What is empty counts as not set; how npm was called is none of the apps' business.
    Object.entries(inherited).filter(([name, value]) => value && !name.startsWith('npm_')),
  )
  const env: NodeJS.ProcessEnv = {
    PUBLIC_URL: `http://${host}:${config.GATEWAY_PORT}`,
    // Nothing of a local stack is open to the network unless asked for.
    GATEWAY_HOST: host,
    ADMIN_HOST: host,
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
