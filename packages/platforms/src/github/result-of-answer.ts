import type { Answer } from '../http/call-api.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { LearnedWindow, SendResult } from '../send/send-result.ts'

/**
 * "Otherwise, wait for at least one minute before retrying": GitHub's rule where neither header names a time.
 */
const secondaryPauseMs = 60_000

/** Errors of GraphQL that end a recipient: gone, or closed to the bot. */
const closed = new Set(['NOT_FOUND', 'FORBIDDEN', 'LOCKED'])

/** What an answer means that made no comment; `error` is GraphQL's, which comes with 200. */
export function resultOfRefusal(answer: Answer, error: string | undefined): SendResult {
  const { status, headers } = answer
  const reason = error === undefined ? `answered ${status}` : `answered ${status}: ${error}`
  const ms = error === 'RATE_LIMITED' ? (untilReset(headers) ?? secondaryPauseMs) : limitedFor(answer)
  if (ms !== undefined) {
    return { status: 'retry', afterMs: ms, counts: false, reason, pauses: [{ name: 'token', ms }] }
  }
  if (status === 401) return { status: 'failed', blame: 'credentials', reason }
  if (error === 'INSUFFICIENT_SCOPES') return { status: 'failed', blame: 'credentials', reason }
  // GraphQL gives no type to what broke within it, perhaps after the comment was made.
  if (error === 'an error') return { status: 'uncertain', reason }
  if (error !== undefined)
    return { status: 'failed', blame: closed.has(error) ? 'recipient' : 'message', reason }
  // No access, a locked issue, a user who blocked the bot; gone, moved, or turned off; withheld by law.
  if ([403, 404, 410, 451].includes(status)) return { status: 'failed', blame: 'recipient', reason }
  return resultOfStatus(status, pauseMs(headers['retry-after']), reason)
}

/**
 * How long GitHub wants nothing of this token, if an answer says that it sent too much: `retry-after`,
 * otherwise the end of an hour that is used up, otherwise a minute
 * (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 */
function limitedFor({ status, headers, body }: Answer): number | undefined {
  if (status !== 403 && status !== 429) return undefined
  const asked = pauseMs(headers['retry-after'])
  if (asked !== undefined) return asked
  if (headers['x-ratelimit-remaining'] === '0') return untilReset(headers) ?? secondaryPauseMs
  return status === 429 || /secondary rate limit|abuse detection/i.test(body) ? secondaryPauseMs : undefined
}

function untilReset(headers: Answer['headers']): number | undefined {
  const seconds = Number(headers['x-ratelimit-reset'] || Number.NaN)
  return pauseMs(Math.max(0, seconds - Date.now() / 1000))
}

/** What is left of the token's hour; GraphQL counts its points in a window of its own. */
export function learnedFrom({ headers }: Answer): LearnedWindow | undefined {
  const remaining = Number(headers['x-ratelimit-remaining'] || Number.NaN)
  const resetMs = untilReset(headers)
  if (!Number.isSafeInteger(remaining) || remaining < 0 || resetMs === undefined) return undefined
  if ((headers['x-ratelimit-resource'] ?? 'core') !== 'core') return undefined
  return { name: 'hour', remaining, resetMs }
}
