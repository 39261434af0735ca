// Writes and reads its users until SIGTERM, then prints what came of it, as JSON on one line.
import { setTimeout as delay } from 'node:timers/promises'
import { createControlDatabase } from '@botyard/control-database'
import { createShardStore, createTimelineStore } from '@botyard/control-database/shards'
import { createKeyring, createRedis } from '@botyard/service-kit'
import {
  createShardDirectory,
  createShardMapStore,
  createShardPool,
  createShards,
  createUserStore,
  userKey,
} from '@botyard/shard-routing'
import { pino } from 'pino'
import { nameOf, type WriterSettings, type WriterSummary } from './writers.ts'

/** Users that are written at the same time. */
const hands = 8
const pauseMs = 5

const { controlUrl, redisUrl, keys, users } = JSON.parse(process.argv[2]!) as WriterSettings
const logger = pino({ level: 'warn' }, pino.destination(2))
const control = createControlDatabase({ url: controlUrl, poolSize: 2, logger })
const connect = (role: 'commands' | 'subscriber') =>
  createRedis({ url: redisUrl, logger, name: 'drill', role })
const clients = [connect('subscriber'), connect('commands')] as const
const directory = createShardDirectory({
  ...{ shards: createShardStore(control, createKeyring(keys)), maps: createShardMapStore(control) },
  ...{ redis: clients[0], commands: clients[1], logger },
})
const memory = createTimelineStore(control)
const shards = createShards({
  ...{ directory, logger },
  createPool: (id, hosts) => createShardPool({ id, hosts, logger, memory, settings: { size: hands } }),
})

const summary: WriterSummary = { counters: {}, writes: 0, reads: 0, repeats: 0, longestMs: 0, problems: [] }
let stopped = false
process.once('SIGTERM', () => {
  stopped = true
})

await directory.whenReady()
await Promise.all(
  Array.from({ length: Math.min(hands, users.length) }, async (_, hand) => {
    const own = users.filter((_, i) => i % hands === hand)
    for (let i = 0; !stopped; i = (i + 1) % own.length) {
      await write(own[i]!)
      await read(own[(i + 1) % own.length]!)
      await delay(pauseMs)
    }
  }),
)
process.stdout.write(`${JSON.stringify(summary)}\n`)
await shards.close()
await directory.close()
for (const client of clients) client.disconnect()
await control.destroy()

/** One more for a user, as a handler would: read, changed, written in one transaction. */
async function write(user: number): Promise<void> {
  const name = nameOf(user)
  const startedAt = performance.now()
  const n = await again(() =>
    shards.transaction(userKey(name), async trx => {
      const store = createUserStore(trx)
      const known = await store.meet(name, { n: 0 })
      const next = Number(known.user.profile.n) + 1
      await store.update(name, { profile: { n: next } })
      return next
    }),
  )
  const expected = (summary.counters[user] ?? 0) + 1
  if (n !== expected) summary.problems.push(`user ${user} came to ${n} after ${expected - 1}`)
  summary.counters[user] = n
  summary.writes++
  summary.longestMs = Math.max(summary.longestMs, Math.round(performance.now() - startedAt))
}

async function read(user: number): Promise<void> {
  const name = nameOf(user)
  const acknowledged = summary.counters[user] ?? 0
  const found = await again(() => createUserStore(shards.forUser(userKey(name))).read(name))
  const n = Number(found?.profile.n ?? 0)
  if (n < acknowledged)
    summary.problems.push(`user ${user} was read as ${n} after ${acknowledged} was acknowledged`)
  summary.reads++
}

/** As a mailbox does: what passes is tried again, after as long as the error says. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const { code, effect, afterMs } = error as { code?: string; effect?: string; afterMs?: number }
      const isAway = code === 'SHD_UNAVAILABLE' && effect === 'none'
      if (code !== 'SHD_RANGE_MOVED' && code !== 'SHD_MAP_UNAVAILABLE' && !isAway) throw error
      summary.repeats++
      await delay(afterMs)
    }
  }
}
