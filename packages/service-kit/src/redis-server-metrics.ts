import type { Redis } from 'ioredis'
import type { Registry } from 'prom-client'
import { createGaugeGroup } from './gauge-group.ts'
import { primariesOf } from './redis-cluster.ts'

/** What `INFO` says; a field that a server does not know is left out. */
type Info = (field: string) => string | undefined

/** Gauges that are one field of INFO. */
const numbers: readonly { name: string; help: string; field: string }[] = [
  { name: 'botyard_redis_used_memory_bytes', help: 'Memory that Redis uses.', field: 'used_memory' },
  {
    name: 'botyard_redis_max_memory_bytes',
    help: "Redis's maxmemory; 0 if there is none.",
    field: 'maxmemory',
  },
  {
    name: 'botyard_redis_delayed_fsyncs',
    help: 'Times that a write waited because the disk had not taken the one before.',
    field: 'aof_delayed_fsync',
  },
  {
    name: 'botyard_redis_commands',
    help: 'Commands that Redis has carried out.',
    field: 'total_commands_processed',
  },
  { name: 'botyard_redis_connections', help: 'Connections to Redis.', field: 'connected_clients' },
  { name: 'botyard_redis_replicas', help: 'Replicas that follow this Redis.', field: 'connected_slaves' },
]

/** What a server may do that loses accepted updates, and how it is seen. `appendfsync` is not in INFO. */
const problems: Readonly<Record<string, (info: Info) => boolean>> = {
  'no-append-only-file': info => info('aof_enabled') === '0',
  'append-only-file-not-written': info => info('aof_last_write_status') === 'err',
  evicts: info => (info('maxmemory_policy') ?? 'noeviction') !== 'noeviction',
}

/**
 * Registers the gauges of the Redis server, read at every scrape. They are the server's, the same in every
 * process; of a cluster the largest of its primaries. Without values, but for `botyard_redis_up`, while it is
 * away or does not permit INFO.
 */
export function registerRedisServer(registry: Registry, redis: Pick<Redis, 'info'>): void {
  const gauge = createGaugeGroup(registry, look)
  const fields = numbers.map(({ name, help, field }) => ({ field, gauge: gauge(name, help) }))
  const problem = gauge('botyard_redis_problem', '1 for what may lose accepted updates.', ['problem'])
  const up = gauge('botyard_redis_up', '1 if Redis answers this process.', [], 'min')

  async function look(): Promise<void> {
    const answers = await Promise.all(
      primariesOf(redis as Redis).map(node => node.info().catch((error: Error) => error)),
    )
    // A server that refuses the command is there.
    const isUp = answers.every(text => typeof text === 'string' || text.name === 'ReplyError')
    up.set(isUp && answers.length > 0 ? 1 : 0)
    const infos = answers.filter(text => typeof text === 'string').map(infoOf)
    if (infos.length === 0) return
    for (const { field, gauge } of fields) {
      const values = infos.map(info => Number(info(field))).filter(value => !Number.isNaN(value))
      if (values.length > 0) gauge.set(Math.max(...values))
    }
    for (const [name, is] of Object.entries(problems)) problem.set({ problem: name }, infos.some(is) ? 1 : 0)
  }
}

function infoOf(text: string): Info {
  const fields = new Map(text.split('\r\n').map(line => line.split(':', 2) as [string, string]))
  return field => fields.get(field)
}
