import ipaddr from 'ipaddr.js'
import { Type } from 'typebox'
import { keyPattern, keySet } from './key-set.ts'

/** A list of addresses or CIDR ranges, by commas; empty by default. */
function addressRanges(description: string) {
  return Type.Refine(
    Type.Array(Type.String(), { default: [], description }),
    ranges => ranges.every(range => ipaddr.isValidCIDR(range) || ipaddr.isValid(range)),
    () => 'must be addresses or CIDR ranges, by commas',
  )
}

/** The variables of `createLogger`. */
export const loggerConfig = {
  LOG_LEVEL: Type.Union(
    (['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const).map(level => Type.Literal(level)),
    { default: 'info', description: 'The least severe log lines that are written.' },
  ),
}

/** The variables of `createRedis`, `checkRedisDurability` and the mailbox's shards. */
export const redisConfig = {
  REDIS_URL: Type.String({
    pattern: '^rediss?://',
    description: 'The Redis (or Valkey) of the queues, redis:// or rediss:// (TLS).',
  }),
  QUEUE_SHARDS: Type.Integer({
    minimum: 1,
    maximum: 1024,
    default: 1,
    description: 'Number of queue shards, the same in all apps; changing it moves conversations, so drain first.',
  }),
  DURABILITY: Type.Union([Type.Literal('strict'), Type.Literal('relaxed')], {
    default: 'strict',
    description:
      'strict: Redis must run with appendfsync always, no accepted update is lost; relaxed: everysec will do, and a crash of Redis may lose about a second (more on a slow disk).',
  }),
  DURABLE_REPLICAS: Type.Integer({
    minimum: 0,
    maximum: 16,
    default: 0,
    description: 'Replicas that must have an update before the platform is answered 2xx.',
  }),
}

/** The variables of `createKeyring` and `createNaming`. */
export const secretsConfig = {
  KEYRING: keySet(
    'Keys of everything encrypted, as JSON {"active":"k1","keys":{"k1":"<32 bytes, base64>"}}; a key from: openssl rand -base64 32.',
  ),
  NAMING_KEY: Type.String({
    pattern: keyPattern,
    description:
      'Key of the names of chats and users in Redis and logs, 32 bytes in base64; must never change: a change splits every conversation in two.',
  }),
}

/** The variables of `createControlDatabase`. */
export const controlDatabaseConfig = {
  CONTROL_DATABASE_URL: Type.String({
    pattern: '^postgres(ql)?://',
    description: 'The Postgres of bots, handlers and dead letters, postgres://.',
  }),
  CONTROL_POOL_SIZE: Type.Integer({
    minimum: 1,
    maximum: 100,
    default: 5,
    description: 'Most connections of one process to the control database.',
  }),
}

/** The variables of whatever platforms or people call over HTTP. */
export const publicConfig = {
  PUBLIC_URL: Type.String({
    pattern: '^https?://[^\\s?#]*[^\\s?#/]$',
    description: 'Where platforms reach the gateway, as they see it: https://bots.example.com, without a final slash.',
  }),
  TRUST_PROXY: addressRanges('Addresses or CIDR ranges of proxies whose forwarded headers count, by commas.'),
}

/** The variable of `createTargetGuard`. */
export const targetsConfig = {
  ALLOW_PRIVATE_TARGETS: addressRanges(
    'Private addresses or CIDR ranges that bots may call nevertheless (your own Bot API server), by commas.',
  ),
}
