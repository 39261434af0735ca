import { InvalidUpdateError } from '../errors.ts'

/**
 * More events than any platform puts into one call: Meta's most is 1,000. A body of 4 MiB has room for a
 * million.
 */
const maxEvents = 5_000

/**
 * More bytes than the events of one call come to, though what stands beside them in their batch is in the
 * `raw` of each.
 */
const maxRawBytes = 32 * 1024 * 1024

/**
 * Counts a call's events, before they are read, and the bytes of their `raw`; both throw `InvalidUpdateError`
 * for too many.
 */
export interface BatchBounds {
  events(more: number): void
  rawBytes(more: number): void
}

/** The bounds of one call: beyond them it would hold up everybody else's for seconds, and take all memory. */
export function boundBatch(): BatchBounds {
  let events = 0
  let bytes = 0
  return {
    events(more) {
      events += more
      if (events > maxEvents) throw new InvalidUpdateError('shape', `has more than ${maxEvents} events`)
    },
    rawBytes(more) {
      bytes += more
      if (bytes > maxRawBytes)
        throw new InvalidUpdateError('shape', 'repeats too much for each of its events')
    },
  }
}
