import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { createKeyring, createNaming, createRedis } from '@botyard/service-kit'
import { sharedRedis, type TestRedis, until } from '@botyard/testkit'
import type { Redis } from 'ioredis'
import { pino } from 'pino'
import { type Cache, type CacheOptions, createCache } from '../src/index.ts'

export { until }

const key = randomBytes(32).toString('base64')
export const keyring = createKeyring({ active: 'k1', keys: { k1: key } })
export const naming = createNaming(randomBytes(32))
const logger = pino({ level: 'silent' })

let rigs = 0

/** Several caches of one namespace, as several processes have them, and the Redis below them. */
export async function rig(
  t: TestContext,
  { server, ...options }: { server?: TestRedis } & Partial<CacheOptions> = {},
) {
  const closers: (() => unknown)[] = []
  t.after(async () => {
    for (const close of closers.reverse()) await close()
  })
  const leave: (() => Promise<void>)[] = []
  const redis = server ?? (await sharedRedis({ after: hook => void leave.push(hook) }))
  closers.push(() => leave[0]?.())
  const namespace = options.namespace ?? `test-${++rigs}`

  async function connect(role: 'commands' | 'subscriber'): Promise<Redis> {
    const client = createRedis({ url: redis.url, logger, name: 'cache-test', role })
    closers.push(() => client.disconnect())
    if (client.status !== 'ready') await new Promise<void>(resolve => void client.once('ready', resolve))
    return client
  }

  /** Another cache, with connections of its own; `leased` waits until it serves from memory. */
  async function open(more: Partial<CacheOptions> = {}) {
    const [commands, subscriber] = await Promise.all([connect('commands'), connect('subscriber')])
    const cache = createCache({
      ...{ redis: commands, subscriber, keyring, naming, namespace, logger },
      ...{ maxEntries: 1_000, maxBytes: 10_000_000, leaseMs: 400, ...options, ...more },
    })
    closers.push(() => cache.close())
    return Object.assign(cache, { commands, subscriber, leased: () => untilLeased(cache) })
  }
  const client = await connect('commands')
  /** Where the members of the caches are. */
  const stateKey = async () => (await client.keys(`botyard:cache:{${namespace}}:${'?'.repeat(16)}`))[0]!
  return { server: redis, namespace, open, client, stateKey }
}

/** Waits until a value that was loaded once is served without another load. */
async function untilLeased(cache: Cache): Promise<void> {
  const probe = `probe-${randomBytes(4).toString('hex')}`
  const keep = { ttlMs: 60_000 }
  await until(async () => {
    await cache.remember(probe, keep, () => 1)
    return (await servedFromMemory(cache, probe)) === 1
  })
}

/** What memory has of a key: the promise of it is settled at once. */
export async function servedFromMemory(cache: Cache, key: string): Promise<unknown> {
  return Promise.race([cache.get(key), Promise.resolve().then(() => Promise.resolve(undefined))])
}
