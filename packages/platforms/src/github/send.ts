import type { OutboundMessage } from '@botyard/queue-contracts'
import type { SendOptions } from '../adapter.ts'
import { type Answer, callApi } from '../call-api.ts'
import { pauseMs, resultOfStatus } from '../result-of-status.ts'
import type { LearnedWindow, SendResult } from '../send-result.ts'
import { idAt, jsonOf } from '../value-at.ts'
import type { GitHubCredentials } from './credentials.ts'

const DEFAULT_API_ROOT = 'https://api.github.com'

/** "Otherwise, wait for at least one minute before retrying": GitHub's rule where neither header names a time. */
const SECONDARY_PAUSE_MS = 60_000

type Message = Pick<OutboundMessage, 'conversation' | 'action' | 'text' | 'native' | 'message' | 'route'>

/** Comments on the issue or pull request that the update was about. Never throws. */
export async function sendGitHub(
  message: Message,
  { token, apiRoot = DEFAULT_API_ROOT }: Pick<GitHubCredentials, 'token' | 'apiRoot'>,
  options: SendOptions,
): Promise<SendResult> {
  if (token === undefined) return notSent('the bot has no token')
  const path = pathOf(message)
  if ('reason' in path) return notSent(path.reason)
  const called = await callApi(
    {
      method: message.action === 'edit' ? 'PATCH' : 'POST',
      url: `${apiRoot.replace(/\/+$/, '')}${path.path}`,
      body: JSON.stringify(message.native ?? { body: message.text ?? '' }),
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        // GitHub refuses calls without one.
        'user-agent': 'botyard',
        'x-github-api-version': '2022-11-28',
      },
    },
    options,
  )
  if ('result' in called) return called.result
  const learned = learnedFrom(called.answer)
  return { ...resultOf(called.answer), ...(learned && { learned: [learned] }) }
}

function notSent(reason: string): SendResult {
  return { status: 'failed', blame: 'message', reason: `not sent: ${reason}` }
}

/** A broadcast names its issues as people do: `owner/repository#1`. */
function pathOf({ conversation, action, message, route }: Message): { path: string } | { reason: string } {
  const named = /^([^#]+)#(\d+)$/.exec(conversation)
  const repository = route?.repository ?? named?.[1] ?? ''
  if (!/^[\w.-]{1,100}\/(?!\.{1,2}$)[\w.-]{1,100}$/.test(repository) || /^\.{1,2}\//.test(repository)) {
    return { reason: 'the update names no repository' }
  }
  if (action === 'typing') return { reason: 'GitHub does not show who is typing' }
  if (action === 'edit') {
    if (!/^\d{1,20}$/.test(message ?? '')) return { reason: 'the message is no comment’s id' }
    return { path: `/repos/${repository}/issues/comments/${message}` }
  }
  const issue = route?.issue ?? (route?.repository === undefined ? named?.[2] : undefined)
  if (issue === undefined || !/^\d{1,20}$/.test(issue)) {
    return { reason: 'the update is about no issue or pull request, which alone can be commented on' }
  }
  return { path: `/repos/${repository}/issues/${issue}/comments` }
}

function resultOf(answer: Answer): SendResult {
  const { status, headers, body } = answer
  if (status < 300) {
    const messageId = idAt(jsonOf(body), 'id')
    if (messageId !== undefined) return { status: 'sent', messageId }
    return { status: 'uncertain', reason: `answered ${status}, but not as GitHub does` }
  }
  const reason = `answered ${status}`
  const ms = limitedFor(answer)
  if (ms !== undefined) {
    return { status: 'retry', afterMs: ms, counts: false, reason, pauses: [{ name: 'token', ms }] }
  }
  if (status === 401) return { status: 'failed', blame: 'credentials', reason }
  // No access, a locked issue, a user who blocked the bot; gone, moved, or turned off; withheld by law.
  if ([403, 404, 410, 451].includes(status)) return { status: 'failed', blame: 'recipient', reason }
  return resultOfStatus(status, pauseMs(headers['retry-after']), reason)
}

/**
 * How long GitHub wants nothing of this token, if an answer says that it sent too much: `retry-after`, else the end of an
 * hour that is used up, else a minute (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 */
function limitedFor({ status, headers, body }: Answer): number | undefined {
  if (status !== 403 && status !== 429) return undefined
  const asked = pauseMs(headers['retry-after'])
  if (asked !== undefined) return asked
  if (headers['x-ratelimit-remaining'] === '0') return untilReset(headers) ?? SECONDARY_PAUSE_MS
  return status === 429 || /secondary rate limit|abuse detection/i.test(body) ? SECONDARY_PAUSE_MS : undefined
}

function untilReset(headers: Answer['headers']): number | undefined {
  const seconds = Number(headers['x-ratelimit-reset'] || Number.NaN)
  return pauseMs(Math.max(0, seconds - Date.now() / 1000))
}

/** What is left of the token's hour. */
function learnedFrom({ headers }: Answer): LearnedWindow | undefined {
  const remaining = Number(headers['x-ratelimit-remaining'] || Number.NaN)
  const resetMs = untilReset(headers)
  if (!Number.isSafeInteger(remaining) || remaining < 0 || resetMs === undefined) return undefined
  return { name: 'hour', remaining, resetMs }
}
