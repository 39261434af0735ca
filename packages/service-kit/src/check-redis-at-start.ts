import { partitionTag } from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { configurationExitCode } from './exit-codes.ts'
import { partitionSpread, tellPartitionSpread } from './partition-spread.ts'
import { clusterOf } from './redis-cluster.ts'
import { findRedisRefusal, type RedisRefusal, redisAheadMs, refusalOfError } from './redis-refusals.ts'
import { findMissingRights } from './redis-rights.ts'

/** Clocks that differ by more are told, in ms: answers in the call are waited for by the clock. */
const maxSkewMs = 1_000

/**
 * Looks once, as soon as Redis is there, whether the apps can work with it, and ends the process with one
 * line if not. Found later, each fault would be an error of its own somewhere, repeated for ever. While Redis
 * is away nobody ends: it is waited for.
 */
export function checkRedisAtStart(redis: Redis, logger: Logger, partitions = 1): void {
  // Never throws: it logs, and ends the process.
  const onError = (error: Error) => {
    const refusal = refusalOfError(error)
    if (refusal !== undefined) end(logger, refusal)
  }
  const look = async () => {
    redis.off('error', onError)
    const refusal = await findRedisRefusal(redis)
    if (refusal !== undefined) end(logger, refusal)
    await requireRights(redis, logger)
    await compareClocks(redis, logger)
    const cluster = clusterOf(redis)
    if (cluster !== undefined)
      tellPartitionSpread(partitionSpread(await cluster.topology.primaries(), partitions), logger)
  }
  const lookOnce = () => void look().catch(err => logger.warn({ err }, 'Redis was not checked at the start'))
  redis.on('error', onError)
  if (redis.status === 'ready') lookOnce()
  else redis.once('ready', lookOnce)
}

function end(logger: Logger, { code, message, exitCode }: RedisRefusal, facts: object = {}): never {
  logger.fatal({ code, ...facts }, message)
  process.exit(exitCode)
}

async function requireRights(redis: Redis, logger: Logger): Promise<void> {
  const { commands, keys, channels, wished } = await findMissingRights(redis)
  const seeDocs = 'see docs/runbooks/redis-rights.md'
  if (commands.length + keys.length + channels.length > 0) {
    const message = `the Redis user lacks rights, ${seeDocs}`
    end(
      logger,
      { code: 'RDS_RIGHTS', message, exitCode: configurationExitCode },
      { commands, keys, channels },
    )
  }
  if (wished.length > 0)
    logger.warn({ commands: wished }, `the Redis user lacks rights that are wished for, ${seeDocs}`)
}

async function compareClocks(redis: Redis, logger: Logger): Promise<void> {
  const aheadMs = await redisAheadMs(redis, partitionTag(0))
  if (Math.abs(aheadMs) <= maxSkewMs) return
  logger.warn(
    { code: 'RDS_CLOCK', aheadMs },
    "Redis's clock and this machine's differ: keep both by NTP, times in logs and answers in the call suffer",
  )
}
