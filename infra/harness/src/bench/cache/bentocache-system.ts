import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
import { type CacheSystem, maxEntries, ttlMs } from './benched-cache.ts'

/**
 * BentoCache with memory, Redis and its bus over Redis; `serialize`: whether memory holds JSON, its default.
 */
export function bentoCache(name: 'bentocache' | 'bentocache-parsed'): CacheSystem {
  const serialize = name === 'bentocache-parsed'
  return {
    name,
    async open(url) {
      const { hostname: host, port } = new URL(url)
      const connection = { host, port: Number(port) }
      const bento = new BentoCache({
        default: 'store',
        ttl: ttlMs,
        stores: {
          store: bentostore()
            .useL1Layer(memoryDriver({ maxItems: maxEntries, serialize }))
            .useL2Layer(redisDriver({ connection }))
            .useBus(redisBusDriver({ connection })),
        },
      })
      return {
        remember: (key, load) => bento.getOrSet({ key, factory: load, ttl: ttlMs }),
        invalidate: key => bento.delete({ key }),
        close: () => bento.disconnectAll(),
      }
    },
  }
}
