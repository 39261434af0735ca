import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { webhooks } from '@octokit/openapi-webhooks-types'
import { github } from '../../src/github/adapter.ts'
import { InvalidUpdateError } from '../../src/index.ts'
import { webhookRequest } from '../webhook-request.ts'

type Some<T> = T extends object ? { [K in keyof T]?: Some<T[K]> } : T
type Payload<K extends keyof webhooks> = webhooks[K] extends {
  post: { requestBody?: { content: { 'application/json': infer P } } }
}
  ? Some<P>
  : never

/** A part of a payload as GitHub's own description types it. */
function normalise<K extends keyof webhooks>(event: string, payload: Payload<K>, headers: Record<string, string> = {}) {
  const all = { 'content-type': 'application/json', 'x-github-event': event, 'x-github-delivery': 'guid-1', ...headers }
  const [only] = github.normalise(webhookRequest(JSON.stringify(payload), all))
  assert.ok(only)
  return only
}

const place = { repository: { id: 7, full_name: 'o/r' }, sender: { id: 5 } }

test('a comment that begins with a slash and a name is a command', () => {
  const { kind, text, conversation, user, id } = normalise<'issue-comment-created'>('issue_comment', {
    action: 'created',
    comment: { id: 3, body: '/deploy now' },
    issue: { number: 42 },
    ...place,
  })

  assert.deepEqual(
    { kind, text, conversation, user, id },
    { kind: 'command', text: '/deploy now', conversation: '7#42', user: '5', id: 'guid-1' },
  )
})

test('a comment of a bot is other: an app that answered it would answer itself', () => {
  const { kind, text } = normalise<'issue-comment-created'>('issue_comment', {
    action: 'created',
    comment: { body: 'hello' },
    issue: { number: 42 },
    repository: place.repository,
    sender: { id: 6, type: 'Bot' },
  })

  assert.deepEqual({ kind, text }, { kind: 'other', text: 'hello' })
})

test('event and action reach the handler in the route, beside what an answer needs', () => {
  const { route } = normalise<'pull-request-closed'>('pull_request', {
    action: 'closed',
    pull_request: { number: 42 },
    ...place,
  })

  assert.deepEqual(route, { event: 'pull_request', action: 'closed', repository: 'o/r', issue: '42' })
})

test('a pull request and the comments on it are one conversation, as is a commit', () => {
  const review = normalise<'pull-request-review-submitted'>('pull_request_review', {
    action: 'submitted',
    pull_request: { number: 42 },
    review: { body: 'fine', submitted_at: '2024-01-01T00:00:00Z' },
    ...place,
  })
  const check = normalise<'check-run-completed'>('check_run', {
    action: 'completed',
    check_run: { head_sha: 'abc' },
    ...place,
  })

  assert.deepEqual(
    { conversation: review.conversation, kind: review.kind, sentAtMs: review.sentAtMs },
    { conversation: '7#42', kind: 'message', sentAtMs: Date.UTC(2024, 0, 1) },
  )
  assert.deepEqual({ conversation: check.conversation, kind: check.kind }, { conversation: '7@abc', kind: 'other' })
})

test('what belongs to no repository belongs to its organisation, its installation, its user, or the bot', () => {
  const conversationOf = (payload: object) => normalise('unknown_event', payload as never).conversation

  assert.equal(conversationOf({ organization: { id: 1 }, installation: { id: 2 }, sender: { id: 3 } }), 'org:1')
  assert.equal(conversationOf({ installation: { id: 2 }, sender: { id: 3 } }), 'installation:2')
  assert.equal(conversationOf({ sender: { id: 3 } }), 'user:3')
  assert.equal(conversationOf({ repository: 'a text', issue: [] }), 'bot')
})

test('an event that nobody knows yet, or whose header is missing, is other', () => {
  assert.equal(normalise('brand_new', { issue: { number: 1 } } as never).kind, 'other')
  assert.deepEqual(normalise('not a name!', {} as never).route, { event: 'unknown' })
})

test('a delivery without an id is told by its bytes', () => {
  const { id } = normalise('push', {} as never, { 'x-github-delivery': '' })

  assert.match(id, /^[0-9a-f]{64}$/)
})

test('a form without a payload, and a payload that is no object, are refused', () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-github-event': 'push' }

  for (const body of ['a=b', 'payload=', 'payload=%5B', 'payload=5', 'payload=%22x%22']) {
    assert.throws(() => github.normalise(webhookRequest(body, headers)), InvalidUpdateError, body)
  }
})
