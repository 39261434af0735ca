import { processCount } from '@botyard/service-kit/cluster'
import { memoryBound } from '@botyard/service-kit/pressure'
import type { AppOptions } from './app.ts'
import type { Config } from './config.ts'

/** What the app is built with. */
export function appOptions(config: Config): AppOptions {
  return {
    partitions: config.QUEUE_PARTITIONS,
    ...(config.WORKER_GROUPS.length > 0 && { groups: config.WORKER_GROUPS }),
    replicas: config.DURABLE_REPLICAS,
    concurrency: config.WORKER_CONCURRENCY,
    sendConcurrency: config.SEND_CONCURRENCY,
    handlerTimeoutMs: config.HANDLER_TIMEOUT_MS,
    graceMs: config.SHUTDOWN_GRACE_MS,
    stalledAfterMs: config.STALLED_AFTER_SECONDS * 1_000,
    maxMemoryBytes: memoryBound(config.MAX_MEMORY_MB, processCount(config.PROCESSES)),
    watch: {
      redisUrl: config.REDIS_URL,
      logLevel: config.LOG_LEVEL,
      blockedMs: config.WORKER_BLOCKED_SECONDS * 1_000,
    },
  }
}
