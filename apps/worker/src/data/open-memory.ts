import { createCache, createCacheMetrics, createSessions } from '@botyard/cache'
import { createRedis, type Keyring, type Naming } from '@botyard/service-kit'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Config } from '../config.ts'
import type { UserDataDeps } from './user-data.ts'

/** Caches and sessions of a worker process. */
export interface OpenMemory extends Pick<UserDataDeps, 'caches' | 'sessions'> {
  close(): Promise<void>
}

/** What they are opened with. */
export interface OpenMemoryOptions {
  readonly config: Pick<Config, 'CACHE_REDIS_URL' | 'REDIS_URL' | 'CACHE_MEMORY_MB' | 'SESSION_TTL_MS'>
  readonly keyring: Keyring
  readonly naming: Naming
  readonly registry: Registry
  readonly logger: Logger
}

/** One entry of a cache is seldom smaller, in bytes: what bounds their number. */
const smallestEntry = 512

/**
 * Opens the caches of profiles and of commands' results, and the sessions, on the Redis for what may be lost.
 */
export function openMemory(options: OpenMemoryOptions): OpenMemory {
  const { config, keyring, naming, registry, logger } = options
  const connect = { url: config.CACHE_REDIS_URL ?? config.REDIS_URL, logger, name: 'worker-cache' }
  const redis = createRedis({ ...connect, role: 'commands' })
  const subscriber = createRedis({ ...connect, role: 'subscriber' })
  const maxBytes = (config.CACHE_MEMORY_MB * 1024 * 1024) / 2
  const common = { redis, subscriber, keyring, naming, logger, metrics: createCacheMetrics(registry) }
  const bounds = { maxBytes, maxEntries: Math.ceil(maxBytes / smallestEntry) }
  const profiles = createCache({ ...common, ...bounds, namespace: 'profiles' })
  const results = createCache({ ...common, ...bounds, namespace: 'results' })
  return {
    caches: { profiles, results },
    sessions: createSessions({ redis, keyring, naming, ttlMs: config.SESSION_TTL_MS }),
    async close() {
      await Promise.all([profiles.close(), results.close()])
      for (const client of [redis, subscriber]) client.disconnect()
    },
  }
}
