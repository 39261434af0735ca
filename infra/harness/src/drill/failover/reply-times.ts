import type { Written } from './writers.ts'

/** How long answers took, from being written, in ms; what has no answer yet is in none of it. */
export interface ReplyTimes {
  readonly replies: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Of the updates that were written from one time to another. */
export function replyTimes(
  written: readonly Written[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  wanted: (shard: string) => boolean = () => true,
): ReplyTimes {
  const times = written.flatMap(({ shard, writtenAtMs, answeredAtMs }) =>
    wanted(shard) && writtenAtMs >= fromMs && writtenAtMs < toMs && answeredAtMs !== undefined
      ? [answeredAtMs - writtenAtMs]
      : [],
  )
  const sorted = times.toSorted((a, b) => a - b)
  const at = (q: number) => Math.round(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0)
  return { replies: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) }
}

export function renderTimes({ replies, p50, p99, max }: ReplyTimes): string {
  return `p50 ${p50} ms, p99 ${p99} ms, max ${max} ms (${replies})`
}
