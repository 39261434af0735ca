import { type BoxName, noGroup } from '@botyard/queue-contracts/names'
import type { Redis } from 'ioredis'
import type { Drain } from '../drain/drain-options.ts'
import { partitionRedis } from '../redis/partition-redis.ts'
import { lookAtGroups } from '../wake/look-at-groups.ts'

/** How a process is watched. */
export interface ProgressOptions {
  readonly redis: Redis
  readonly partitions: number
  /** The groups of bots that this process runs; default those of none. */
  readonly groups?: readonly string[]
  readonly drains: Readonly<Record<BoxName, Pick<Drain, 'hasPlaces' | 'moves'>>>
  /** How long mail may wait that this process could take, and takes none. */
  readonly stalledAfterMs: number
  readonly onChange?: (box: BoxName, stalled: boolean) => void
}

/** Whether this process takes what waits. */
export interface ProgressWatch {
  readonly stalled: boolean
  close(): void
}

interface Watched {
  moves: number
  /** Since when mail has been seen at every look while nothing moved. */
  waitsSince: number | undefined
  stalled: boolean
}

/**
 * So many looks before a process counts as stalled: mail that is about to be taken is seen by one, by chance.
 */
const looks = 5

/**
 * Watches whether a process that has free places takes the mail that waits for one. Redis is asked only while
 * nothing has been claimed or settled here since the last look, so a busy process asks nothing. A process
 * whose places are all taken is judged by its handlers' time-outs.
 */
export function watchProgress(options: ProgressOptions): ProgressWatch {
  const { partitions, groups = [noGroup], drains, stalledAfterMs, onChange } = options
  const boxes = Object.entries(drains) as [BoxName, (typeof drains)[BoxName]][]
  const watched = new Map(
    boxes.map(([box]) => [box, { moves: -1, waitsSince: undefined, stalled: false } as Watched]),
  )
  let looking = false

  async function look(): Promise<void> {
    for (const [box, drain] of boxes) {
      const state = watched.get(box)!
      const isIdle = drain.moves === state.moves && drain.hasPlaces
      state.moves = drain.moves
      const waits = isIdle && (await anyClaimable(box))
      // It may have been taken while we looked.
      state.waitsSince =
        waits && drain.moves === state.moves ? (state.waitsSince ?? performance.now()) : undefined
      const stalled = state.waitsSince !== undefined && performance.now() - state.waitsSince >= stalledAfterMs
      if (stalled !== state.stalled) onChange?.(box, stalled)
      state.stalled = stalled
    }
  }

  async function anyClaimable(box: BoxName): Promise<boolean> {
    for (let partition = 0; partition < partitions; partition++) {
      const looks = await lookAtGroups(partitionRedis(options.redis, partition), partition, box)
      if (looks.some(({ group, hasWork }) => hasWork && groups.includes(group))) return true
    }
    return false
  }

  const timer = setInterval(() => {
    // While Redis does not answer nobody knows what waits; that it does not is another check's to say.
    if (looking) return
    looking = true
    look()
      .catch(() => undefined)
      .finally(() => {
        looking = false
      })
  }, stalledAfterMs / looks)

  return {
    get stalled() {
      return [...watched.values()].some(state => state.stalled)
    },
    close: () => clearInterval(timer),
  }
}
