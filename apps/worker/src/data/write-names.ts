import type { WriteId } from '@botyard/shard-routing'

/**
 * Names the writes of one run of an update by what they write and in which order, so that a second run has
 * the same names.
 */
export interface WriteNames {
  /** The next write of `what`. */
  next(what: string): WriteId
  /** A write that the bot has named itself. */
  of(name: string): WriteId
}

/** Counts from one; `update` is the update's keyed name. */
export function createWriteNames(update: Buffer): WriteNames {
  const counts = new Map<string, number>()
  return {
    next(what) {
      const count = (counts.get(what) ?? 0) + 1
      counts.set(what, count)
      return { update, name: `${what}#${count}` }
    },
    of: name => ({ update, name }),
  }
}
