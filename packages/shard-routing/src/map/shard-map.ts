import { ShardMapError } from '../errors.ts'

/** The end of the key space: keys are 0 … 2^63-1. */
export const keySpaceEnd = 2n ** 63n

/** The keys `from` (in) … `to` (out) and the shard that they live on. */
export interface ShardRange {
  readonly from: bigint
  readonly to: bigint
  readonly shard: string
}

/** Which shard every key lives on. */
export interface ShardMap {
  /** Rises with every change; not every number is a map's. */
  readonly version: number
  /** In the order of their keys, without gap or overlap. */
  readonly ranges: readonly ShardRange[]
}

/**
 * The shard of a key, by binary search: maps have thousands of ranges at most, and this runs for every
 * query.
 */
export function shardOf({ ranges }: ShardMap, key: bigint): string {
  let low = 0
  let high = ranges.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (ranges[middle]!.from <= key) low = middle
    else high = middle - 1
  }
  const range = ranges[low]
  if (range === undefined || key < range.from || key >= range.to) {
    throw new RangeError(`${key} is no user key: keys are 0 … 2^63-1`)
  }
  return range.shard
}

/** Throws {@link ShardMapError} unless the ranges, in this order, cover the key space exactly once. */
export function checkRanges(ranges: readonly ShardRange[]): void {
  let end = 0n
  for (const { from, to, shard } of ranges) {
    if (shard === '') throw new ShardMapError(`The range from ${from} names no shard`)
    if (from > end) throw new ShardMapError(`No shard has the keys ${end} … ${from - 1n}`)
    if (from < end)
      throw new ShardMapError(`The keys from ${from} have two shards, or the ranges are not in order`)
    if (to <= from) throw new ShardMapError(`The range from ${from} is empty`)
    end = to
  }
  if (end < keySpaceEnd) throw new ShardMapError(`No shard has the keys from ${end} on`)
  if (end > keySpaceEnd) throw new ShardMapError(`The last range ends at ${end}, beyond the key space`)
}

/** Equal parts of the key space (give or take one key) for shards that are all new. */
export function evenRanges(shards: readonly string[]): ShardRange[] {
  if (shards.length === 0) throw new ShardMapError('There is no shard')
  const end = (i: number) => (keySpaceEnd * BigInt(i)) / BigInt(shards.length)
  return shards.map((shard, i) => ({ from: end(i), to: end(i + 1), shard }))
}

/** The ranges with `from` … `to` on another shard; neighbours on one shard become one range. */
export function assignRange(ranges: readonly ShardRange[], { from, to, shard }: ShardRange): ShardRange[] {
  const outside = ranges.flatMap(range => [
    { ...range, to: min(range.to, from) },
    { ...range, from: max(range.from, to) },
  ])
  const pieces = [...outside, { from, to, shard }]
    .filter(piece => piece.from < piece.to)
    .sort((a, b) => (a.from < b.from ? -1 : 1))
  const joined: ShardRange[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (last?.shard === piece.shard) joined[joined.length - 1] = { ...last, to: piece.to }
    else joined.push(piece)
  }
  return joined
}

/** The ranges of one shard. */
export function rangesOf({ ranges }: Pick<ShardMap, 'ranges'>, shard: string): ShardRange[] {
  return ranges.filter(range => range.shard === shard)
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
