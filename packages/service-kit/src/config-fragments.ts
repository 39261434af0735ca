import ipaddr from 'ipaddr.js'
import { Type } from 'typebox'
import { postgresUrlProblem, redisUrlProblem } from './connection-url.ts'
import { keyPattern, keySet } from './key-set.ts'

/** A list of addresses or CIDR ranges, by commas; empty by default. */
function addressRanges(description: string) {
  return Type.Refine(
    Type.Array(Type.String(), { default: [], description }),
    ranges => ranges.every(range => ipaddr.isValidCIDR(range) || ipaddr.isValid(range)),
    () => 'must be addresses or CIDR ranges, by commas',
  )
}

/**
 * A url that its driver will read as it is meant; what is wrong with another is said without a part of it.
 */
export function redisUrl(description: string) {
  return Type.Refine(
    Type.String({ description }),
    url => redisUrlProblem(url) === undefined,
    url => redisUrlProblem(url as string) ?? '',
  )
}

/** The same for Postgres; also for what the admin API is given. */
export function postgresUrl(options: { description?: string; maxLength?: number } = {}) {
  return Type.Refine(
    Type.String(options),
    url => postgresUrlProblem(url) === undefined,
    url => postgresUrlProblem(url as string) ?? '',
  )
}

/** The variables of `createLogger`. */
export const loggerConfig = {
  LOG_LEVEL: Type.Union(
    (['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const).map(level =>
      Type.Literal(level),
    ),
    { default: 'info', description: 'The least severe log lines that are written.' },
  ),
}

/** The variables of `createRedis`, `checkRedisDurability` and the queues' partitions. */
export const redisConfig = {
  REDIS_URL: redisUrl(
    'The Redis (or Valkey) of the queues: redis://user:password@host:6379/0; redis+sentinel://user:password@sentinel1:26379,sentinel2:26379/<name of the primary>/0; redis+cluster://user:password@node1:6379,node2:6379. rediss in place of redis: TLS, with ?sslrootcert=<file> for an authority of your own. Characters such as # % / ? @ in user and password are percent-encoded.',
  ),
  QUEUE_PARTITIONS: Type.Integer({
    formerly: 'QUEUE_SHARDS',
    minimum: 1,
    maximum: 1024,
    default: 1,
    description:
      'Number of partitions of the queues, the same in all apps; changing it moves conversations: drain first.',
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
    description:
      'Replicas that must have an update before the platform is answered 2xx, and know who sends a reply before it leaves.',
  }),
}

/** The variable of `createCache` and `createSessions`. */
export const cacheConfig = {
  CACHE_REDIS_URL: Type.Optional(
    redisUrl(
      'The Redis of cache and sessions, default REDIS_URL. In production one of its own, with maxmemory, maxmemory-policy volatile-lru and without persistence: what is cached must not crowd out what is queued.',
    ),
  ),
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
  CONTROL_DATABASE_URL: postgresUrl({
    description:
      'The Postgres of bots, handlers and dead letters: postgres://user:password@host:5432/database?sslmode=…; one host, [::1] for IPv6. Characters such as # % / ? @ in user and password are percent-encoded.',
  }),
  CONTROL_POOL_SIZE: Type.Integer({
    minimum: 1,
    maximum: 100,
    default: 5,
    description: 'Most connections of one process to the control database.',
  }),
}

const databaseUrl = postgresUrl()

/** The variables that name the user shards; one of them at most. */
export const shardsConfig = {
  SHARDS: Type.Optional(
    Type.Array(
      Type.Object(
        {
          id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,31}$' }),
          hosts: Type.Array(databaseUrl, { minItems: 1 }),
          directHosts: Type.Optional(Type.Array(databaseUrl, { minItems: 1 })),
        },
        { additionalProperties: false },
      ),
      {
        minItems: 1,
        description:
          'The user shards, as JSON [{ "id", "hosts": ["postgres://…"], "directHosts"? }]: each with the urls of its primary and standbys, and, where those are PgBouncers, of the servers behind them.',
      },
    ),
  ),
  SHARD_DATABASE_URLS: Type.Optional(
    Type.Array(databaseUrl, {
      minItems: 1,
      description: 'The short form of SHARDS: one url a shard, by commas; their ids are shard-1, shard-2 …',
    }),
  ),
}

/** The variables of `shardPoolSettings`. */
export const shardPoolConfig = {
  SHARD_POOL_SIZE: Type.Integer({
    minimum: 1,
    maximum: 100,
    default: 20,
    description: 'Most connections of one process to each user shard.',
  }),
  EXPECTED_INSTANCES: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: 1,
    description:
      "How many processes use the shards (instances times PROCESSES); at start SHARD_POOL_SIZE times this is checked against each server's max_connections.",
  }),
  SHARD_ACQUIRE_TIMEOUT_MS: Type.Integer({
    minimum: 100,
    maximum: 60_000,
    default: 3_000,
    description: 'The longest wait for a connection to a shard; then the update goes back to its mailbox.',
  }),
  SHARD_STATEMENT_TIMEOUT_MS: Type.Integer({
    minimum: 100,
    maximum: 600_000,
    default: 10_000,
    description: 'Postgres ends a statement on a shard that takes longer.',
  }),
  SHARD_IDLE_IN_TRANSACTION_TIMEOUT_MS: Type.Integer({
    minimum: 100,
    maximum: 600_000,
    default: 15_000,
    description: 'Postgres ends the transaction of a client that does nothing in it for longer.',
  }),
  SHARD_PGBOUNCER: Type.Boolean({
    default: false,
    description:
      'true if the hosts of the shards are PgBouncers in transaction mode: nothing is set for a session then.',
  }),
  SHARD_PREPARED_STATEMENTS: Type.Union([Type.Literal('auto'), Type.Literal('on'), Type.Literal('off')], {
    default: 'auto',
    description:
      'Named prepared statements; auto: not behind PgBouncer. on with SHARD_PGBOUNCER needs PgBouncer 1.21 with max_prepared_statements.',
  }),
  SHARD_TLS: Type.Union(
    [Type.Literal('url'), Type.Literal('off'), Type.Literal('encrypt'), Type.Literal('verify')],
    {
      default: 'url',
      description:
        "TLS to the shards. verify: certificate and name of the server are checked; encrypt: they are not; url: what each url's sslmode says.",
    },
  ),
  SHARD_TLS_CA: Type.Optional(
    Type.String({
      description:
        'PEM of the authority that signs the servers, with SHARD_TLS=verify; default the system ones.',
    }),
  ),
  SHARD_TLS_CERT: Type.Optional(
    Type.String({ description: "PEM of this client's certificate, if the servers want one." }),
  ),
  SHARD_TLS_KEY: Type.Optional(Type.String({ description: "PEM of that certificate's key." })),
}

/** The variables of whatever platforms or people call over HTTP. */
export const publicConfig = {
  PUBLIC_URL: Type.String({
    pattern: '^https?://[^\\s?#]*[^\\s?#/]$',
    description:
      'Where platforms reach the gateway, as they see it: https://bots.example.com, without a final slash.',
  }),
  TRUST_PROXY: addressRanges(
    'Addresses or CIDR ranges of proxies whose forwarded headers count, by commas. Theirs alone: who calls from another address in them chooses the one that is counted.',
  ),
}

/** The variable of `createTargetGuard`. */
export const targetsConfig = {
  ALLOW_PRIVATE_TARGETS: addressRanges(
    'Private addresses or CIDR ranges that bots may call nevertheless (your own Bot API server), by commas.',
  ),
}
