import { type ReplyTimes, replyTimesOf } from '../../shared/reply-times.ts'
import type { Written } from './writers.ts'

/**
 * How long the replies took to updates that were written from one time to another, on the shards that are
 * wanted.
 */
export function timesOfReplies(
  written: readonly Written[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  wanted: (shard: string) => boolean = () => true,
): ReplyTimes {
  return replyTimesOf(
    written.flatMap(({ shard, writtenAtMs, answeredAtMs }) =>
      wanted(shard) && writtenAtMs >= fromMs && writtenAtMs < toMs && answeredAtMs !== undefined
        ? [answeredAtMs - writtenAtMs]
        : [],
    ),
  )
}
