import { partitionTag } from '@botyard/queue-contracts/names'
import type { Cluster, Redis } from 'ioredis'
import { withMailboxScripts } from './scripts.ts'

/** What the client of a cluster offers besides: a plain connection to the node that has a key. */
interface ClusterClient {
  connectionTo?(key: string): Redis
}

/**
 * The client of a partition. All of a partition lies in one slot, so on a cluster it is a connection of its
 * own to the node that has the slot: what is asked there is asked of one server, as it is without a cluster.
 *
 * While a cluster moves the slot to another node, a key at a time, a script would find some keys here and
 * some there. The base that each script names is no key itself, so Redis answers ASK, which this connection
 * does not follow: the partition stands still until its slot is whole again.
 */
export function partitionRedis(redis: Redis, partition: number): Redis {
  return withMailboxScripts((redis as Redis & ClusterClient).connectionTo?.(partitionTag(partition)) ?? redis)
}

/** Partitions that share a client, and with it a server. */
export interface Home {
  readonly redis: Redis
  readonly partitions: readonly number[]
}

/** Every partition with its client: one home for all, on a cluster one each. */
export function homesOf(redis: Redis, partitions: number): Home[] {
  const homes = new Map<Redis, number[]>()
  for (let partition = 0; partition < partitions; partition++) {
    const own = partitionRedis(redis, partition)
    homes.set(own, [...(homes.get(own) ?? []), partition])
  }
  return [...homes].map(([own, list]) => ({ redis: own, partitions: list }))
}

/** The servers that share the keys among them: what is asked without a key is asked of each. */
export function primariesOf(redis: Redis): Redis[] {
  return redis.isCluster ? (redis as unknown as Cluster).nodes('master') : [redis]
}
