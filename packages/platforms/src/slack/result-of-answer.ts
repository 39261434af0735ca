import type { Answer } from '../http/call-api.ts'
import { jsonOf, textAt, valueAt } from '../json/value-at.ts'
import { pauseMs, resultOfStatus } from '../send/result-of-status.ts'
import type { SendResult } from '../send/send-result.ts'
import type { MessageCall } from './calls-of-message.ts'
import { methodLimit } from './limits.ts'

/** "The Retry-After header tells you how many seconds to wait"; this long if it does not. */
const defaultPauseMs = 1_000

type Meaning = 'credentials' | 'recipient' | 'limited' | 'later' | 'uncertain'

/**
 * Errors of https://docs.slack.dev/reference/methods/chat.postMessage and chat.update; any other is the
 * message's.
 */
const meanings: ReadonlyMap<string, Meaning> = new Map([
  ...of(
    'credentials',
    'invalid_auth not_authed account_inactive token_revoked token_expired not_allowed_token_type',
  ),
  ...of('recipient', 'channel_not_found is_archived not_in_channel is_inactive user_not_found user_disabled'),
  ...of(
    'recipient',
    'cannot_dm_bot messages_tab_disabled access_denied ekm_access_denied team_not_found no_permission',
  ),
  ...of(
    'recipient',
    'restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel',
  ),
  ...of(
    'recipient',
    'restricted_action_thread_locked restricted_action_non_threadable_channel thread_locked',
  ),
  ...of('recipient', 'team_access_not_granted org_login_required used_url expired_url'),
  ...of('limited', 'ratelimited rate_limited'),
  ...of('later', 'service_unavailable request_timeout accesslimited team_added_to_org'),
  // "It's possible some aspect of the operation succeeded before the error was raised."
  ...of('uncertain', 'fatal_error internal_error'),
])

function of(meaning: Meaning, errors: string): [string, Meaning][] {
  return errors.split(' ').map(error => [error, meaning])
}

/** The error that an answer names, if any. */
export function errorOf({ body }: Pick<Answer, 'body'>): string | undefined {
  const error = textAt(jsonOf(body), 'error') ?? body.trim()
  return /^\w{1,100}$/.test(error) && error !== 'ok' ? error : undefined
}

/** What an answer means: an error comes with a 200 as well. */
export function resultOfAnswer(
  answer: Answer,
  { method }: { readonly method: MessageCall['method'] | 'auth.test' },
  tenant: string | undefined,
): SendResult {
  const { status, headers, body } = answer
  const json = jsonOf(body)
  // A response url may say `ok` alone.
  if (
    status < 300 &&
    (valueAt(json, 'ok') === true || (method === 'response_url' && errorOf(answer) === undefined))
  ) {
    const messageId = textAt(json, 'ts')
    return { status: 'sent', ...(messageId !== undefined && { messageId }) }
  }
  const error = errorOf(answer)
  const reason = `answered ${status}${error === undefined ? '' : `: ${error}`}`
  const meaning = status === 429 ? 'limited' : meanings.get(error ?? '')
  const afterMs = pauseMs(headers['retry-after'])
  switch (meaning) {
    case 'credentials':
    case 'recipient':
      return { status: 'failed', blame: meaning, reason }
    case 'limited':
      return limited(method, tenant, afterMs ?? defaultPauseMs, reason)
    case 'later':
      return { status: 'retry', afterMs, counts: true, reason }
    case 'uncertain':
      return { status: 'uncertain', reason }
    case undefined:
      if (status < 300 && error === undefined)
        return { status: 'uncertain', reason: `${reason}, but not as Slack does` }
      if (status < 300) return { status: 'failed', blame: 'message', reason }
      return resultOfStatus(status, afterMs, reason)
  }
}

/** A 429 is of a method in a workspace; a response url is one update's alone. */
function limited(
  method: MessageCall['method'] | 'auth.test',
  tenant: string | undefined,
  ms: number,
  reason: string,
): SendResult {
  const pauses =
    method === 'response_url' || method === 'auth.test' ? [] : [{ name: methodLimit(method, tenant), ms }]
  return { status: 'retry', afterMs: ms, counts: false, reason, ...(pauses.length > 0 && { pauses }) }
}
