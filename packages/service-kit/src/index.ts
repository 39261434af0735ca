export { ConfigError } from './config-error.ts'
export {
  controlDatabaseConfig,
  loggerConfig,
  publicConfig,
  redisConfig,
  secretsConfig,
  targetsConfig,
} from './config-fragments.ts'
export { describeConfig } from './describe-config.ts'
export { type KeySet, keySet } from './key-set.ts'
export { createKeyring, type Keyring } from './keyring.ts'
export { KeyringError, type KeyringErrorCode } from './keyring-error.ts'
export { createLogger } from './logger.ts'
export { createNaming, type Naming } from './naming.ts'
export { buildOps } from './ops.ts'
export { readConfig } from './read-config.ts'
export { createRedis, type RedisRole } from './redis.ts'
export { createRegistry } from './registry.ts'
