export { type ClientAddresses, createClientAddresses } from './client-address.ts'
export {
  cacheConfig,
  controlDatabaseConfig,
  loggerConfig,
  postgresUrl,
  publicConfig,
  redisConfig,
  redisUrl,
  secretsConfig,
  shardPoolConfig,
  shardsConfig,
  targetsConfig,
} from './config-fragments.ts'
export { configOrExit } from './config-or-exit.ts'
export { postgresHostLabel } from './connection-url.ts'
export { countedAddress } from './counted-address.ts'
export { describeConfig } from './describe-config.ts'
export { describeWithoutText } from './describe-without-text.ts'
export { didYouMean } from './did-you-mean.ts'
export { ConfigError, KeyringError, TargetRefusedError } from './errors.ts'
export { configurationExitCode } from './exit-codes.ts'
export { replaceKeys, type SecretChange } from './follow-secret-files.ts'
export { createGaugeGroup } from './gauge-group.ts'
export { guardPrototypes } from './guard-prototypes.ts'
export { type KeySet, keySet } from './key-set.ts'
export {
  createKeyring,
  type Keyring,
  type KeyringChange,
  keyIdOf,
  type LiveKeyring,
  type RingKey,
} from './keyring.ts'
export { createLogger } from './logger.ts'
export { createNaming, type Naming } from './naming.ts'
export { OpenSockets } from './open-sockets.ts'
export { type Pulse, startPulse } from './pulse.ts'
export { readConfig, secretFilesOf } from './read-config.ts'
export { RecentMap } from './recent-map.ts'
export { createRedis, type RedisRole } from './redis.ts'
export { checkRedisDurability } from './redis-durability.ts'
export { registerRedisServer } from './redis-server-metrics.ts'
export { createRegistry } from './registry.ts'
export { runUntilSignal } from './run-until-signal.ts'
export { createLineSampler, type LineSampler } from './sample-lines.ts'
export { type ReportSecurityEvent, securityEvents } from './security-events.ts'
export { shardsOf } from './shards-of.ts'
export { createTargetGuard, type TargetGuard } from './target-guard.ts'
export { createTroubleLog } from './trouble-log.ts'
export { unlessAborted } from './unless-aborted.ts'
