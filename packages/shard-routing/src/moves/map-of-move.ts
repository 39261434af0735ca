import type { ControlDatabase } from '@botyard/control-database'
import { announceShardChange } from '@botyard/control-database/notices'
import { type ShardMap, shardOf } from '../map/shard-map.ts'
import { createShardMapStore } from '../map/shard-map-store.ts'
import { MoveFailedError } from './errors.ts'
import type { StepContext } from './step-context.ts'

/** How long one announcement may take, in ms: more than a lease of the directories. */
const announceTimeoutMs = 8_000

/** The map that counts now; a move cannot be without one. */
export async function mapOf(control: ControlDatabase): Promise<ShardMap> {
  const map = await createShardMapStore(control).current()
  if (map === undefined) throw new MoveFailedError('There is no shard map')
  return map
}

/** Throws `MoveFailedError` unless all keys of the range are on that shard by the map. */
export function requireOn(map: ShardMap, { from, to }: { from: bigint; to: bigint }, shard: string): void {
  const whole = map.ranges.some(range => range.shard === shard && range.from <= from && to <= range.to)
  if (!whole)
    throw new MoveFailedError(
      `Not all of the range is on ${shard}: its first key is on ${shardOf(map, from)}`,
    )
}

/** Waits until every process routes by the map of this change or by none, for as long as that takes. */
export async function announceMap({ redis, note, signal }: StepContext, change: number): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const announced = await announceShardChange({ redis, change, timeoutMs: announceTimeoutMs })
    if (announced.status === 'acknowledged') return
    await note({}, `these processes have not heard of the map: ${announced.members.join(', ')}`)
  }
}
