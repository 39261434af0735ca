import { partitionTag } from '@botyard/queue-contracts/names'
import type { Logger } from 'pino'
import type { ClusterPrimary } from './cluster-topology.ts'
import { hashSlot } from './hash-slot.ts'

/** How many partitions each primary of a cluster has, by its address. */
export function partitionSpread(
  primaries: readonly ClusterPrimary[],
  partitions: number,
): Record<string, number> {
  const slots = Array.from({ length: partitions }, (_, partition) => hashSlot(partitionTag(partition)))
  return Object.fromEntries(
    primaries.map(primary => [
      `${primary.host}:${primary.port}`,
      slots.filter(slot => primary.slots.some(([first, last]) => first <= slot && slot <= last)).length,
    ]),
  )
}

/** Says how the partitions lie, and warns if one primary has none or more than twice its share. */
export function tellPartitionSpread(spread: Readonly<Record<string, number>>, logger: Logger): void {
  const counts = Object.values(spread)
  const share = counts.reduce((sum, n) => sum + n, 0) / counts.length
  if (counts.every(n => n > 0 && n <= 2 * share)) logger.info({ spread }, 'partitions of the cluster')
  else {
    logger.warn(
      { code: 'RDS_SPREAD', spread },
      'the partitions lie unevenly on the cluster: raise QUEUE_PARTITIONS or move slots, see docs/runbooks/redis-topologies.md',
    )
  }
}
