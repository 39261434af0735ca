import type { SendOptions } from '../adapter.ts'
import type { Answer } from '../http/call-api.ts'
import { jsonOf, textAt, valueAt } from '../json/value-at.ts'
import { callGitHub } from './api.ts'
import { bodyOf, type CommentMessage } from './comment-call.ts'
import type { GitHubCredentials } from './credentials.ts'

type Called = Awaited<ReturnType<typeof callGitHub>>

/** GitHub's ids of GraphQL, old and new. */
const aNode = /^[\w=-]{1,200}$/

const author = 'author{login ...on User{databaseId}...on Bot{databaseId}}'
const add = `mutation($input:AddDiscussionCommentInput!){addDiscussionComment(input:$input){comment{id ${author}}}}`
const update = `mutation($input:UpdateDiscussionCommentInput!){updateDiscussionComment(input:$input){comment{id ${author}}}}`
const threadOfReply = 'query($id:ID!){node(id:$id){...on DiscussionComment{replyTo{id}}}}'

/** Comments in a discussion, which only GraphQL can; in the thread if the update was in one. */
export async function commentInDiscussion(
  message: CommentMessage,
  credentials: Pick<GitHubCredentials, 'token' | 'apiRoot'>,
  options: SendOptions,
): Promise<Called | { reason: string }> {
  const { action, message: edited = '', route = {} } = message
  if (action === 'edit') {
    if (!aNode.test(edited)) return { reason: 'the message is no comment’s id' }
    return callGitHub(
      { query: update, variables: { input: { commentId: edited, ...bodyOf(message) } } },
      credentials,
      options,
    )
  }
  if (!aNode.test(route.discussionNode ?? '')) return { reason: 'the update does not name the discussion' }
  let thread = route.threadNode
  if (route.replyNode !== undefined) {
    // Only a thread's first comment can be replied to. Of a reply the event names it by a number, which
    // GraphQL does not take.
    const asked = await callGitHub(
      { query: threadOfReply, variables: { id: route.replyNode } },
      credentials,
      options,
    )
    if ('result' in asked && asked.result.status === 'uncertain') {
      return { result: { status: 'retry', afterMs: undefined, counts: true, reason: asked.result.reason } }
    }
    if ('result' in asked || !isAnswer(asked.answer)) return asked
    thread = textAt(jsonOf(asked.answer.body), 'data', 'node', 'replyTo', 'id')
  }
  const place = { discussionId: route.discussionNode, ...(thread !== undefined && { replyToId: thread }) }
  return callGitHub(
    { query: add, variables: { input: { ...place, ...bodyOf(message) } } },
    credentials,
    options,
  )
}

/** The comment that an answer of GraphQL holds, if it came to one. */
export function commentIn(body: string): unknown {
  const data = valueAt(jsonOf(body), 'data')
  return (
    valueAt(data, 'addDiscussionComment', 'comment') ?? valueAt(data, 'updateDiscussionComment', 'comment')
  )
}

/** What GraphQL says went wrong, which it answers with 200: the type of the first error. */
export function graphQlError(body: string): string | undefined {
  const errors = valueAt(jsonOf(body), 'errors')
  if (!Array.isArray(errors) || errors.length === 0) return undefined
  const type = textAt(errors[0], 'type')
  return type !== undefined && /^\w{1,100}$/.test(type) ? type : 'an error'
}

function isAnswer({ status, body }: Answer): boolean {
  return status < 300 && graphQlError(body) === undefined
}
