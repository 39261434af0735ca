import { type Percentiles, percentiles, renderPercentiles } from './statistics.ts'

/** How long replies took, in ms. Updates that have no reply yet count nowhere. */
export interface ReplyTimes extends Percentiles {
  readonly replies: number
}

/** Sums up what single replies took. */
export function replyTimesOf(times: readonly number[]): ReplyTimes {
  return { replies: times.length, ...percentiles(times) }
}

/** Reply times as people read them. */
export function renderReplyTimes({ replies, ...times }: ReplyTimes): string {
  return `${renderPercentiles(times)} (${replies})`
}
