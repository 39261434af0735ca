import { RangeMovedError, ShardMapUnavailableError } from '../errors.ts'
import type { ShardDirectory, ShardSnapshot } from '../map/shard-directory.ts'
import { type ShardMap, shardOf } from '../map/shard-map.ts'
import type { ShardPool } from '../pool/shard-pool.ts'

/** The shard that a key lives on, as far as this process may believe it. */
export interface ShardRoute {
  readonly pool: ShardPool
  /**
   * Throws `RangeMovedError` unless the key has lived there until now, so that all reads from there are
   * valid.
   */
  confirm(): Promise<void>
}

/**
 * How long callers wait before they retry keys that are being moved, in ms: about as long as a switch takes.
 */
const movedRetryAfterMs = 300

/** The advice of the error when there is no map. */
const noMap = 'There is no shard map yet: name the shards in SHARDS and run the migrations (npm run migrate)'

/** Finds the shard of one key, and anew if it has moved. */
export type FindRoute = (options?: { ask: boolean }) => Promise<ShardRoute>

/** Finds shards of keys by the directory; asks the control database first whenever the lease has lapsed. */
export class ShardRouter {
  readonly #directory: ShardDirectory
  readonly #poolOf: (shard: string) => Promise<ShardPool>

  /** @param poolOf rejects while the shard's database must not be used. */
  constructor(directory: ShardDirectory, poolOf: (shard: string) => Promise<ShardPool>) {
    this.#directory = directory
    this.#poolOf = poolOf
  }

  /** With `ask`, asks the control database first: for callers that were told that the key has moved. */
  async route(key: bigint, { ask = false } = {}): Promise<ShardRoute> {
    const believed = ask ? undefined : this.#directory.current()
    const shard = shardOf(mapOf(believed ?? (await this.#directory.ask())), key)
    const pool = await this.#poolOf(shard)
    return {
      pool,
      confirm: async () => {
        const map = mapOf(this.#directory.current() ?? (await this.#directory.ask()))
        if (shardOf(map, key) !== shard) throw moved(shard)
      },
    }
  }
}

/** The error of a write or read that met a move. */
export function moved(shard: string, cause?: unknown): RangeMovedError {
  const afterMs = Math.ceil(movedRetryAfterMs * (0.8 + Math.random() * 0.4))
  return new RangeMovedError(shard, afterMs, cause === undefined ? undefined : { cause })
}

function mapOf({ map }: ShardSnapshot): ShardMap {
  if (map === undefined) throw new ShardMapUnavailableError(1_000, { cause: new Error(noMap) })
  return map
}
