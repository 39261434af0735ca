import { type Aggregator, Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { UnavailableReason } from '../errors.ts'
import type { ShardPoolState } from './shard-pool-state.ts'

/** A pool whose state is read at each scrape. */
interface WatchedPool {
  readonly id: string
  readonly state: ShardPoolState
}

/** The metrics of shard pools; label values are shards, reasons and states. */
export interface ShardPoolMetrics {
  /** From now on its gauges are read at each scrape; returns how to end that. */
  watch(pool: WatchedPool): () => void
  acquired(shard: string, ms: number): void
  switched(shard: string): void
  refusedHost(shard: string): void
  unavailable(shard: string, reason: UnavailableReason): void
  retried(shard: string): void
}

const seconds = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** Registers the metrics of all shard pools of a process. */
export function createShardPoolMetrics(registry: Registry): ShardPoolMetrics {
  const registers = [registry]
  const pools = new Set<WatchedPool>()
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers })
  const acquire = new Histogram({
    name: 'botyard_shard_acquire_seconds',
    help: 'Wait for a connection to a shard.',
    labelNames: ['shard'],
    buckets: seconds,
    registers,
  })
  const switches = counter('botyard_shard_host_switches_total', 'Times a pool turned to another primary.', [
    'shard',
  ])
  const refused = counter(
    'botyard_shard_hosts_refused_total',
    'Writable hosts that must not be written to.',
    ['shard'],
  )
  const failures = counter(
    'botyard_shard_unavailable_total',
    'Calls that a shard could not serve, by reason.',
    ['shard', 'reason'],
  )
  const retries = counter(
    'botyard_shard_retries_total',
    'Transactions and queries run again, being safe to.',
    ['shard'],
  )
  gauge(
    'botyard_shard_connections',
    'Connections of this process to a shard.',
    ['shard', 'state'],
    (it, { id, state }) => {
      it.set({ shard: id, state: 'in-use' }, state.inUse)
      it.set({ shard: id, state: 'idle' }, state.idle)
    },
  )
  gauge('botyard_shard_waiting', 'Calls that wait for a connection.', ['shard'], (it, { id, state }) =>
    it.set({ shard: id }, state.waiting),
  )
  gauge(
    'botyard_shard_up',
    '1 if the shard has a primary.',
    ['shard'],
    (it, { id, state }) => it.set({ shard: id }, state.host === undefined ? 0 : 1),
    'min',
  )
  gauge(
    'botyard_shard_breaker',
    '1 open, 0.5 half open, 0 closed.',
    ['shard'],
    (it, { id, state }) => it.set({ shard: id }, { open: 1, 'half-open': 0.5, closed: 0 }[state.breaker]),
    'max',
  )

  return {
    watch(pool) {
      pools.add(pool)
      // A series that begins at 1 has no increase for an alert to see.
      refused.inc({ shard: pool.id }, 0)
      return () => void pools.delete(pool)
    },
    acquired: (shard, ms) => acquire.observe({ shard }, ms / 1000),
    switched: shard => switches.inc({ shard }),
    refusedHost: shard => refused.inc({ shard }),
    unavailable: (shard, reason) => failures.inc({ shard, reason }),
    retried: shard => retries.inc({ shard }),
  }

  function gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    set: (gauge: Gauge<Label>, pool: WatchedPool) => void,
    aggregator: Aggregator = 'sum',
  ): void {
    new Gauge({
      name,
      help,
      labelNames,
      aggregator,
      registers,
      collect() {
        this.reset()
        for (const pool of pools) set(this, pool)
      },
    })
  }
}
