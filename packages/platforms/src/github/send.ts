import type { SendOptions } from '../adapter.ts'
import type { Answer } from '../http/call-api.ts'
import { idAt, jsonOf, textAt } from '../json/value-at.ts'
import { notSent } from '../send/not-sent.ts'
import type { SendResult } from '../send/send-result.ts'
import { callGitHub } from './api.ts'
import { type CommentMessage, commentCallOf } from './comment-call.ts'
import type { GitHubCredentials } from './credentials.ts'
import { commentIn, commentInDiscussion, graphQlError } from './discussion-comment.ts'
import { authorOfComment } from './identify.ts'
import { learnedFrom, resultOfRefusal } from './result-of-answer.ts'

/**
 * Comments where the update was: on the issue or pull request, in the thread, on the commit, in the
 * discussion. Never throws.
 */
export async function sendGitHub(
  message: CommentMessage,
  credentials: Pick<GitHubCredentials, 'token' | 'apiRoot'>,
  options: SendOptions,
): Promise<SendResult> {
  if (credentials.token === undefined) return notSent('the bot has no token')
  if (message.action === 'typing') return notSent('GitHub does not show who is typing')
  const inDiscussion = message.route?.discussion !== undefined
  const called = await (inDiscussion ? commentInDiscussion : comment)(message, credentials, options)
  if ('reason' in called) return notSent(called.reason)
  if ('result' in called) return called.result
  const learned = learnedFrom(called.answer)
  return { ...resultOf(called.answer, inDiscussion), ...(learned && { learned: [learned] }) }
}

async function comment(...[message, credentials, options]: Parameters<typeof sendGitHub>) {
  const call = commentCallOf(message)
  return 'reason' in call ? call : callGitHub(call, credentials, options)
}

function resultOf(answer: Answer, inDiscussion: boolean): SendResult {
  const { status, body } = answer
  const error = inDiscussion ? graphQlError(body) : undefined
  if (status >= 300 || error !== undefined) return resultOfRefusal(answer, error)
  const made = inDiscussion ? commentIn(body) : jsonOf(body)
  const messageId = inDiscussion ? textAt(made, 'id') : idAt(made, 'id')
  if (messageId === undefined)
    return { status: 'uncertain', reason: `answered ${status}, but not as GitHub does` }
  const self = authorOfComment(made)
  return { status: 'sent', messageId, ...(self && { self }) }
}
