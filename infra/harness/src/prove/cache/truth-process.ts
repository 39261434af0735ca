// A process that reads and writes the keys that others read and write, to be killed, stopped and blocked.
import { setTimeout as delay } from 'node:timers/promises'
import { createCache, createCacheMetrics } from '@botyard/cache'
import { createKeyring, createNaming, createRedis } from '@botyard/service-kit'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import {
  type Counts,
  keyName,
  nowMs,
  type Seen,
  type TruthMessage,
  tagsOf,
  type Written,
} from './protocol.ts'

const [cacheUrl, sourceUrl, keysText, leaseText] = process.argv.slice(2)
const keys = Number(keysText)
const logger = pino({ enabled: false })
const connect = (url: string, role: 'commands' | 'subscriber' | 'worker') =>
  createRedis({ url, logger, name: 'truth', role })
/** Linearizable, as a database's primary is, and spared by the faults. */
const source = connect(sourceUrl!, 'worker')
const registry = new Registry()
const cache = createCache({
  redis: connect(cacheUrl!, 'commands'),
  subscriber: connect(cacheUrl!, 'subscriber'),
  keyring: createKeyring({ active: 'k', keys: { k: Buffer.alloc(32, 1).toString('base64') } }),
  naming: createNaming(Buffer.alloc(32, 2)),
  namespace: 'truth',
  maxEntries: Math.ceil(keys * 0.75),
  maxBytes: 1_000_000,
  leaseMs: Number(leaseText),
  invalidateWithinMs: 400,
  metrics: createCacheMetrics(registry),
  logger,
})

const counts: Counts = { reads: 0, loads: 0, acknowledged: 0, pending: 0, blocked: 0 }
const lastBegan = new Map<string, Seen>()
let written: Written[] = []

for (let i = 0; i < 8; i++) void read()
for (let i = 0; i < 4; i++) void write()
void block()
setInterval(report, 100)
process.on('disconnect', () => process.exit())
// Ready to be stopped: the conductor counts on it.
process.send?.({ pid: process.pid, seen: [], written: [], counts } satisfies TruthMessage)

async function read(): Promise<void> {
  for (;;) {
    const key = pick(keys)
    // In bursts: most are served from memory, and begin as near to a write's acknowledgement as can be.
    for (let i = 0; i < 20; i++) await readOne(key)
    await delay(pick(6))
  }
}

async function readOne(key: number): Promise<void> {
  const beganAt = nowMs()
  const version = (await cache.remember(keyName(key), keepOf(key), () => load(key))) ?? 0
  counts.reads!++
  lastBegan.set(`${key} ${version}`, { key, version, beganAt })
}

function keepOf(key: number) {
  return { ttlMs: 1_000 + pick(30_000), negativeTtlMs: 5_000, tags: tagsOf(key) }
}

/** Now and then as slow as a busy database, on the way there or back. */
async function load(key: number): Promise<number | undefined> {
  counts.loads!++
  await delay(slowness())
  const version = await source.get(keyName(key))
  await delay(slowness())
  return version === null ? undefined : Number(version)
}

async function write(): Promise<void> {
  for (;;) {
    await delay(pick(150))
    const key = pick(keys)
    const version = await source.incr(keyName(key))
    await delay(slowness() / 4)
    const tags = tagsOf(key)
    const changed =
      tags.length > 0 && pick(2) === 0 ? { tags: [tags[pick(tags.length)]!] } : { keys: [keyName(key)] }
    try {
      await cache.invalidate(changed)
      written.push({ key, version, acknowledgedAt: nowMs() })
      counts.acknowledged!++
    } catch {
      // Acknowledged to nobody: whether older versions are still read is left open.
      counts.pending!++
    }
  }
}

/**
 * As a bot does that computes for too long, sometimes beyond the lease, and then reads before it hears of
 * anything.
 */
async function block(): Promise<void> {
  for (;;) {
    await delay(2_000 + pick(4_000))
    counts.blocked!++
    const until = performance.now() + pick(Number(leaseText) * 2)
    while (performance.now() < until);
    for (let key = 0; key < keys; key++) void readOne(key)
  }
}

async function report(): Promise<void> {
  const seen = [...lastBegan.values()]
  lastBegan.clear()
  const message: TruthMessage = {
    pid: process.pid,
    seen,
    written,
    counts: { ...counts, ...(await cacheCounts()) },
  }
  written = []
  process.send?.(message)
}

async function cacheCounts(): Promise<Counts> {
  const of = async (name: string) =>
    (await registry.getSingleMetric(`botyard_cache_${name}_total`)!.get()).values
  const [reads, fills, changes] = await Promise.all([of('reads'), of('fills'), of('changes')])
  const sum = (values: typeof reads, outcome: string, tier?: string) =>
    values.find(({ labels }) => labels.outcome === outcome && labels.tier === tier)?.value ?? 0
  return {
    'from memory': sum(reads, 'hit', 'memory'),
    'from redis': sum(reads, 'hit', 'redis'),
    'redis away': sum(reads, 'away', 'redis'),
    'old fills refused': sum(fills, 'stale'),
    'leases waited for': sum(changes, 'lease_ended'),
  }
}

function slowness(): number {
  return pick(10) === 0 ? pick(400) : pick(8)
}

function pick(n: number): number {
  return Math.floor(Math.random() * n)
}
