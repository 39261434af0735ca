import type { Shard } from '@botyard/control-database/shards'
import { rangesOf, type ShardMap, type ShardRange } from '../map/shard-map.ts'
import { createShardMapStore } from '../map/shard-map-store.ts'
import { checkSides } from './check-sides.ts'
import { MoveRefusedError } from './errors.ts'
import type { ShardMove } from './move.ts'
import { withSide } from './move-session.ts'
import { createMoveStore } from './move-store.ts'
import { replicationAddress } from './replication-address.ts'
import type { MoveDeps } from './run-move.ts'

/**
 * Which keys to move: by their bounds, or (without) all of a shard that has one range, or the upper half of
 * its largest.
 */
export interface MoveRequest {
  readonly source: string
  readonly target: string
  readonly from?: bigint | undefined
  readonly to?: bigint | undefined
  readonly split?: boolean
}

/**
 * Checks that a range can be moved, and records the move for a runner to make. Throws `MoveRefusedError` with
 * all that stands against it, or `MoveConflictError`.
 */
export async function beginMove(
  deps: Omit<MoveDeps, 'redis'>,
  request: MoveRequest,
  /** Runs in the transaction that records the move. */
  record: (trx: MoveDeps['control'], move: ShardMove) => Promise<void> = async () => {},
): Promise<ShardMove> {
  const { control, settings } = deps
  const shards = await deps.shards.list()
  const [source, target] = [request.source, request.target].map(id => shards.find(shard => shard.id === id))
  if (source === undefined || target === undefined || source === target) {
    throw new MoveRefusedError(problemsOfNames(request, shards))
  }
  const map = await createShardMapStore(control).current()
  if (map === undefined) throw new MoveRefusedError(['there is no shard map yet: run the migrations'])
  const range = rangeOf(map, request)
  await createMoveStore(control).requireFree([source.id, target.id])
  const address = replicationAddress(source.id, source.directHosts ?? source.hosts, {
    ...{ name: 'botyard_move_probe', tls: settings?.tls },
  })
  const look = { lock: false }
  await withSide(source, deps, a => withSide(target, deps, b => checkSides(a, b, range, address), look), look)
  return control.transaction().execute(async trx => {
    const move = await createMoveStore(trx).insert({ range, target: target.id })
    await record(trx, move)
    return move
  })
}

function problemsOfNames({ source, target }: MoveRequest, shards: readonly Shard[]): string[] {
  if (source === target) return [`${source} is source and target`]
  return [source, target]
    .filter(id => !shards.some(shard => shard.id === id))
    .map(id => `there is no shard ${id}`)
}

/** The range that is meant, which lies within one of the source's. */
function rangeOf(map: ShardMap, { source, from, to, split }: MoveRequest): ShardRange {
  const ranges = rangesOf(map, source)
  if (from !== undefined || to !== undefined) {
    const around = ranges.find(range => range.from <= (from ?? range.from) && (to ?? range.to) <= range.to)
    const found = around && { from: from ?? around.from, to: to ?? around.to, shard: source }
    if (found && found.from < found.to && around.from <= found.from && found.to <= around.to) return found
    throw new MoveRefusedError([
      `the keys ${from ?? '…'} to ${to ?? '…'} are not within one range of ${source}`,
    ])
  }
  const [largest] = ranges.toSorted((a, b) => (b.to - b.from > a.to - a.from ? 1 : -1))
  if (largest === undefined) throw new MoveRefusedError([`${source} has no keys`])
  if (split) return { ...largest, from: (largest.from + largest.to) / 2n }
  if (ranges.length === 1) return largest
  throw new MoveRefusedError([`${source} has ${ranges.length} ranges: say which by from and to`])
}
