import type { Answer } from '../http/call-api.ts'
import { valueAt } from '../json/value-at.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { SendResult } from '../send/send-result.ts'
import { regainAccessMs } from './graph-api.ts'

/** What one error code means: who is to blame, try again, or a pause of what `pauses` names. */
export type ErrorMeaning =
  | { readonly blame: 'recipient' | 'message' | 'credentials'; readonly why?: string }
  | { readonly again: true }
  | { readonly pauses: readonly string[]; readonly ms: number | undefined }

/** What a product's own codes mean; undefined: the general rules decide. */
export type MeaningOf = (code: number, subcode: number | undefined) => ErrorMeaning | undefined

/**
 * How long a used-up quota of calls is left alone when Meta does not say, in ms: its windows roll over an
 * hour.
 */
const quotaPauseMs = 60_000

/**
 * Throttling of calls, by what it counts:
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting.
 */
const appQuota = new Set([4, 17])
const accountQuota = (code: number) => code === 32 || code === 613 || (code >= 80_000 && code <= 80_014)

/** Errors of the moment: unknown, service down, and Messenger's "temporary send message failure". */
const passing = new Set([1, 2, 1200])

/**
 * What an answer of the Graph API other than a success means. The code decides, as the HTTP status varies;
 * texts are left out of the reason, because Meta quotes tokens and numbers in them. Throttles pause `app` or
 * `account`, or what the product says.
 */
export function resultOfGraphError(answer: Answer, body: unknown, meaningOf: MeaningOf): SendResult {
  const { status, headers } = answer
  const code = numberAt(body, 'code')
  const afterMs = pauseMs(headers['retry-after'])
  if (code === undefined) return resultOfStatus(status < 300 ? 500 : status, afterMs, `answered ${status}`)

  const subcode = numberAt(body, 'error_subcode')
  const meaning = meaningOf(code, subcode) ?? generalMeaning(code, subcode)
  const reason = `answered ${status}, error ${code}${subcode === undefined ? '' : `/${subcode}`}`
  if (meaning === undefined) {
    if (valueAt(body, 'error', 'is_transient') === true)
      return { status: 'retry', afterMs, counts: true, reason }
    return resultOfStatus(status < 300 ? 400 : status, afterMs, reason)
  }
  if ('again' in meaning) return { status: 'retry', afterMs, counts: true, reason }
  if ('blame' in meaning) {
    return {
      status: 'failed',
      blame: meaning.blame,
      reason: meaning.why ? `${reason}: ${meaning.why}` : reason,
    }
  }
  const ms = afterMs ?? meaning.ms ?? regainAccessMs(answer) ?? quotaPauseMs
  return {
    status: 'retry',
    afterMs: ms,
    counts: false,
    reason,
    pauses: meaning.pauses.map(name => ({ name, ms })),
  }
}

function generalMeaning(code: number, subcode: number | undefined): ErrorMeaning | undefined {
  if (code === 190 || code === 102) return { blame: 'credentials', why: 'the access token is not valid' }
  if (appQuota.has(code)) return { pauses: ['app'], ms: undefined }
  if (accountQuota(code)) return { pauses: ['account'], ms: undefined }
  if (passing.has(code)) return { again: true }
  // With a subcode it is about one user or message; without, the app lacks the permission for any.
  if ((code === 10 || (code >= 200 && code <= 299)) && subcode === undefined) {
    return { blame: 'credentials', why: 'the app or token lacks a permission' }
  }
  return undefined
}

function numberAt(body: unknown, name: string): number | undefined {
  const number = valueAt(body, 'error', name)
  return typeof number === 'number' ? number : undefined
}
