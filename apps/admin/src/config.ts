import {
  cacheConfig,
  controlDatabaseConfig,
  keySet,
  loggerConfig,
  publicConfig,
  readConfig as read,
  redisConfig,
  secretFilesOf,
  secretsConfig,
  shardPoolConfig,
  shardsConfig,
  targetsConfig,
} from '@botyard/service-kit'
import { type Static, Type } from 'typebox'

const port = { minimum: 1, maximum: 65_535 }

const tokenConfig = {
  JWT_KEYS: keySet(
    'Keys of the admin tokens, as JSON {"active":"a1","keys":{"a1":"<32 bytes, base64>"}}: the active one signs, all of them verify; a key from: openssl rand -base64 32.',
  ),
}

/** Every variable of the admin app. */
export const configSchema = Type.Object({
  ADMIN_HOST: Type.String({ default: '127.0.0.1', description: 'The address the admin API listens on.' }),
  ADMIN_PORT: Type.Integer({ ...port, default: 8081, description: 'The port of the admin API.' }),
  ADMIN_OPS_HOST: Type.String({
    default: '127.0.0.1',
    description:
      'The address that the ops routes listen on; in a container 0.0.0.0, behind a port that is not public.',
  }),
  ADMIN_OPS_PORT: Type.Integer({
    ...port,
    default: 9103,
    description: 'The port of /live, /ready and /metrics; never public.',
  }),
  ADMIN_LIMIT_PER_MINUTE: Type.Integer({
    minimum: 1,
    default: 600,
    description:
      'Requests a minute of one client (the subject of its token) to one instance of the admin API; and failed ones, without a valid token, of one address (of IPv6, one /64).',
  }),
  KEY_SETTLE_MS: Type.Integer({
    minimum: 0,
    maximum: 3_600_000,
    default: 30_000,
    description:
      'How long no process must have sealed with a key before it may be called unused: what it sealed last may still be on its way.',
  }),
  ...tokenConfig,
  ...publicConfig,
  ...targetsConfig,
  REDIS_URL: redisConfig.REDIS_URL,
  QUEUE_PARTITIONS: redisConfig.QUEUE_PARTITIONS,
  ...cacheConfig,
  KEYRING: secretsConfig.KEYRING,
  ...controlDatabaseConfig,
  ...shardPoolConfig,
  ...loggerConfig,
})
export type Config = Readonly<Static<typeof configSchema>>

/** Every variable of `migrate.ts`. */
export const migrationConfigSchema = Type.Object({
  ...shardsConfig,
  KEYRING: secretsConfig.KEYRING,
  ...controlDatabaseConfig,
  ...shardPoolConfig,
  ...loggerConfig,
})
export type MigrationConfig = Readonly<Static<typeof migrationConfigSchema>>

/** Every variable of `issue-token.ts`. */
export const tokenConfigSchema = Type.Object(tokenConfig)

/** Reads the admin app's configuration; throws `ConfigError` listing every problem. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return read(configSchema, env)
}

/** The files that the admin app's variables are read from, by variable. */
export function readSecretFiles(env: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  return secretFilesOf(configSchema, env)
}

/** Reads what `migrate.ts` needs, so that a migration job holds no other secret. */
export function readMigrationConfig(env: NodeJS.ProcessEnv = process.env): MigrationConfig {
  return read(migrationConfigSchema, env)
}

/** Reads what `issue-token.ts` needs. */
export function readTokenConfig(env: NodeJS.ProcessEnv = process.env): Static<typeof tokenConfigSchema> {
  return read(tokenConfigSchema, env)
}
