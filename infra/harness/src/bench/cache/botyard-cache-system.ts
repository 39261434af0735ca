import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { createCache, createCacheMetrics } from '@botyard/cache'
import { createKeyring, createNaming, createRedis } from '@botyard/service-kit'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { type CacheSystem, maxEntries, ttlMs } from './benched-cache.ts'

/** Our cache as an app has it: sealed values, keyed names, metrics. */
export function botyardCache(): CacheSystem {
  const logger = pino({ level: 'warn' })
  const keyring = createKeyring({ active: 'k', keys: { k: randomBytes(32).toString('base64') } })
  const naming = createNaming(randomBytes(32))
  const namespace = randomBytes(4).toString('hex')
  return {
    name: 'botyard',
    async open(url) {
      const [redis, subscriber] = (['commands', 'subscriber'] as const).map(role =>
        createRedis({ url, logger, name: 'bench', role }),
      )
      const cache = createCache({
        ...{ redis: redis!, subscriber: subscriber!, keyring, naming, namespace, logger },
        ...{ maxEntries, maxBytes: 200_000_000, metrics: createCacheMetrics(new Registry()) },
      })
      // Until the lease is there, and those of an earlier life would have ended.
      await untilLeased(cache)
      await delay(2_500)
      return {
        remember: (key, load) => cache.remember(key, { ttlMs }, load),
        invalidate: key => cache.invalidate({ keys: [key] }),
        async close() {
          await cache.close()
          redis!.disconnect()
          subscriber!.disconnect()
        },
      }
    },
  }
}

async function untilLeased(cache: ReturnType<typeof createCache>): Promise<void> {
  let loads = 0
  for (let before = -1; before !== loads; await delay(20)) {
    before = loads
    await cache.remember('probe', { ttlMs }, () => ++loads)
  }
}
