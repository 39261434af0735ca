import type { OutboundMessage } from '@botyard/queue-contracts'
import type { GitHubCall } from './api.ts'
import { asWritten } from './as-written.ts'

/** A message as far as it says what goes where. */
export type CommentMessage = Pick<
  OutboundMessage,
  'conversation' | 'action' | 'text' | 'native' | 'message' | 'route'
>

type RestCall = Extract<GitHubCall, { path: string }>

const aNumber = /^\d{1,20}$/

/**
 * The call that makes or edits a comment where the update was: on an issue, in a review's thread, on a
 * commit; or why none can.
 */
export function commentCallOf(message: CommentMessage): RestCall | { reason: string } {
  const { action, route = {}, conversation } = message
  const named = /^([^#]+)#(\d+)$/.exec(conversation)
  const repository = route.repository ?? named?.[1] ?? ''
  if (!/^[\w.-]{1,100}\/(?!\.{1,2}$)[\w.-]{1,100}$/.test(repository) || /^\.{1,2}\//.test(repository)) {
    return { reason: 'the update names no repository' }
  }
  if (action === 'edit') return editOf(message, `/repos/${repository}`)
  // A broadcast names its issues as people do: `owner/repository#1`.
  const issue = route.issue ?? (route.repository === undefined ? named?.[2] : undefined)
  const path = pathOf({ ...route, ...(issue !== undefined && { issue }) })
  if (path === undefined)
    return { reason: 'the update is about no issue, pull request, discussion or commit' }
  const line = route.path !== undefined && { path: route.path, position: Number(route.position) }
  const body = issue === undefined && line ? { ...line, ...bodyOf(message) } : bodyOf(message)
  return { method: 'POST', path: `/repos/${repository}${path}`, body }
}

function pathOf({ issue, thread, commit }: Readonly<Record<string, string>>): string | undefined {
  if (issue !== undefined) {
    if (!aNumber.test(issue)) return undefined
    if (thread === undefined) return `/issues/${issue}/comments`
    return aNumber.test(thread) ? `/pulls/${issue}/comments/${thread}/replies` : undefined
  }
  return commit !== undefined && /^[0-9a-f]{1,64}$/i.test(commit) ? `/commits/${commit}/comments` : undefined
}

/** Each kind of comment has ids of its own; which kind it is the update tells. */
function editOf(message: CommentMessage, repository: string): RestCall | { reason: string } {
  const { message: id = '', route = {} } = message
  if (!aNumber.test(id)) return { reason: 'the message is no comment’s id' }
  const kind = route.thread !== undefined ? '/pulls' : route.commit !== undefined ? '' : '/issues'
  return { method: 'PATCH', path: `${repository}${kind}/comments/${id}`, body: bodyOf(message) }
}

/** The text is shown as it is; a native body is Markdown. */
export function bodyOf({ native, text = '' }: CommentMessage): object {
  return native ?? { body: asWritten(text) }
}
