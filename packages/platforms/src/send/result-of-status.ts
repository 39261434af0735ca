import type { SendResult } from './send-result.ts'

const maxPauseMs = 24 * 60 * 60 * 1000

/**
 * What an answer other than 2xx means: pauses and server errors are tried again, all else (redirects too) is
 * final.
 */
export function resultOfStatus(status: number, afterMs: number | undefined, reason: string): SendResult {
  if (status === 429) return { status: 'retry', afterMs, counts: false, reason }
  if (status === 408 || status >= 500) return { status: 'retry', afterMs, counts: true, reason }
  return { status: 'failed', blame: 'message', reason }
}

/**
 * A pause in ms from a number of seconds, as `Retry-After` and Telegram give it; a day at most, undefined if
 * it is none.
 */
export function pauseMs(seconds: number | string | undefined): number | undefined {
  if (seconds === undefined || seconds === '' || !(Number(seconds) >= 0)) return undefined
  return Math.min(Math.ceil(Number(seconds) * 1000), maxPauseMs)
}
