import { type Redis, ReplyError } from 'ioredis'
import { configurationExitCode, temporaryExitCode } from './exit-codes.ts'
import { connectionTo, primariesOf } from './redis-cluster.ts'

/** Why a process does not start with this Redis: one line, and how it ends. */
export interface RedisRefusal {
  readonly code: string
  /** What is wrong, and what to do. */
  readonly message: string
  readonly exitCode: number
}

/** Functions of scripts, and flags of theirs, that an older one does not know. */
const oldestVersion = 7

/** What TLS says of a certificate, and of a server that speaks none. */
const tlsCodes =
  /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/

/**
 * What an error of a connection means that no time will mend; undefined for every other: Redis may be away.
 */
export function refusalOfError(error: Error): RedisRefusal | undefined {
  const { code = '', lastNodeError } = error as Error & { code?: string; lastNodeError?: Error }
  const exitCode = configurationExitCode
  if (tlsCodes.test(code)) {
    const message = `Redis is not trusted (${code}): the authority that signs its certificate is named by ?sslrootcert=<file> in REDIS_URL, its name by the host or &servername=; see docs/runbooks/tls.md`
    return { code: 'RDS_TLS', message, exitCode }
  }
  const { message: said } = lastNodeError ?? error
  if (/\b(WRONGPASS|NOAUTH)\b/.test(said)) {
    const message = 'Redis refuses user or password: correct REDIS_URL'
    return { code: 'RDS_PASSWORD', message, exitCode }
  }
  const [, right] = /NOPERM.*'([\w|]+)' command/.exec(said) ?? []
  if (right !== undefined) {
    const message = `the Redis user lacks rights (+${right}), see docs/runbooks/redis-rights.md`
    return { code: 'RDS_RIGHTS', message, exitCode }
  }
  if (/cluster support disabled/.test(said)) {
    const message = 'Redis is no cluster: begin REDIS_URL with redis:// (or rediss://)'
    return { code: 'RDS_NO_CLUSTER', message, exitCode }
  }
  return undefined
}

/** What of the servers themselves speaks against a start; who may not ask INFO learns nothing. */
export async function findRedisRefusal(
  redis: Redis,
  { oldest = oldestVersion } = {},
): Promise<RedisRefusal | undefined> {
  for (const node of primariesOf(redis)) {
    const info = await node.info().catch((error: Error) => {
      if (error instanceof ReplyError) return ''
      throw error
    })
    const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
    const version = field('redis_version')
    if (version !== undefined && Number.parseInt(version, 10) < oldest) {
      const message = `Redis ${version} is too old: ${oldest}.0 is needed (or Valkey)`
      return { code: 'RDS_TOO_OLD', message, exitCode: configurationExitCode }
    }
    if (field('role') === 'slave') {
      const of = `${field('master_host')}:${field('master_port')}`
      const message = `Redis is a replica (of ${of}) and takes no writes: name the primary in REDIS_URL, or the sentinels`
      // In the middle of a failover it may be the primary in a moment.
      return { code: 'RDS_REPLICA', message, exitCode: temporaryExitCode }
    }
    if (field('redis_mode') === 'cluster' && !redis.isCluster) {
      const message =
        'Redis is a node of a cluster: begin REDIS_URL with redis+cluster:// (or rediss+cluster://)'
      return { code: 'RDS_CLUSTER', message, exitCode: configurationExitCode }
    }
  }
  return undefined
}

/** How far Redis's clock is ahead of this process's, in ms; an error of half a round trip is possible. */
export async function redisAheadMs(redis: Redis, key: string, now = () => Date.now()): Promise<number> {
  const node = connectionTo(redis, key)
  const sentAtMs = now()
  const [seconds, micros] = await node.time()
  const halfway = (sentAtMs + now()) / 2
  return Math.round(Number(seconds) * 1000 + Number(micros) / 1000 - halfway)
}
