export { type Cache, type CacheOptions, type Changed, createCache, type KeepOptions } from './cache.ts'
export { InvalidationPendingError, NotJsonError, SessionsUnavailableError } from './errors.ts'
export { type CacheMetrics, createCacheMetrics } from './metrics.ts'
export { createSessions, type Sessions } from './sessions.ts'
