import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BotIdentity } from '@botyard/queue-contracts'
import type { webhooks } from '@octokit/openapi-webhooks-types'
import { adapter as github } from '../../src/github/adapter.ts'
import { InvalidUpdateError } from '../../src/index.ts'
import { webhookRequest } from '../http/webhook-request.ts'

type Some<T> = T extends object ? { [K in keyof T]?: Some<T[K]> } : T
type Payload<K extends keyof webhooks> = webhooks[K] extends {
  post: { requestBody?: { content: { 'application/json': infer P } } }
}
  ? Some<P>
  : never

/** A part of a payload as GitHub's own description types it. */
function normalise<K extends keyof webhooks>(
  event: string,
  payload: Payload<K>,
  headers: Record<string, string> = {},
) {
  const all = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': 'guid-1',
    ...headers,
  }
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
    { kind: 'command', text: '/deploy now', conversation: '7#42', user: '5', id: 'issue_comment.created:3' },
  )
})

function commentOf(sender: object, self?: BotIdentity, comment: object = {}) {
  const body = {
    action: 'created',
    comment: { id: 3, body: 'hello', ...comment },
    issue: { number: 42 },
    sender,
  }
  const headers = { 'content-type': 'application/json', 'x-github-event': 'issue_comment' }
  const [only] = github.normalise(
    webhookRequest(JSON.stringify({ ...body, repository: place.repository }), headers),
    self,
  )
  assert.ok(only)
  return { kind: only.kind, text: only.text, fromBot: only.fromBot }
}

test('a comment of the bot’s own account is other, though its sender is an ordinary user', () => {
  const account = { id: 77, type: 'User' }

  assert.equal(commentOf(account, { user: '77' }).kind, 'other')
  assert.equal(commentOf(account, { user: '78' }).kind, 'message')
})

test('a comment that the bot’s app made in a user’s name is other', () => {
  const byApp = { performed_via_github_app: { id: 12 } }

  assert.equal(commentOf({ id: 5, type: 'User' }, { user: '77', app: '12' }, byApp).kind, 'other')
  assert.equal(commentOf({ id: 5, type: 'User' }, { user: '77', app: '13' }, byApp).kind, 'message')
})

test('what another app writes is a message of a bot; while the bot does not know itself every bot may be it', () => {
  const app = { id: 6, type: 'Bot' }

  assert.deepEqual(commentOf(app, { user: '77' }), { kind: 'message', text: 'hello', fromBot: true })
  assert.deepEqual(commentOf(app, { user: '6' }), { kind: 'other', text: 'hello', fromBot: true })
  assert.deepEqual(commentOf(app), { kind: 'other', text: 'hello', fromBot: true })
})

function idOf(event: string, payload: object, headers: Record<string, string> = {}): string {
  const all = { 'content-type': 'application/json', 'x-github-event': event, ...headers }
  const [only] = github.normalise(webhookRequest(JSON.stringify(payload), all))
  assert.ok(only)
  return only.id
}

test('a signed body is one update, whatever stands in the headers, which are not signed', () => {
  const push = { ref: 'refs/heads/main', after: 'abc', pusher: { name: 'ann' }, ...place }
  const comment = { action: 'created', comment: { id: 3, body: 'a' }, issue: { number: 1 }, ...place }

  for (const body of [push, comment]) {
    const first = idOf('push', body, { 'x-github-delivery': 'one' })

    assert.equal(idOf('issue_comment', body, { 'x-github-delivery': 'two' }), first)
  }
})

test('the hooks of an app and of a repository bring one update, whether it is a comment or not', () => {
  const installation = { id: 1, node_id: 'MDIz' }
  const labeled = { action: 'labeled', issue: { id: 1, number: 1 }, ...place }
  const comment = { action: 'created', comment: { id: 3, body: 'a' }, issue: { number: 1 }, ...place }

  assert.equal(idOf('issues', { ...labeled, installation }), idOf('issues', labeled))
  assert.equal(idOf('issues', { ...labeled, installation, more: 1 }), idOf('issues', { ...labeled, more: 1 }))
  assert.equal(idOf('issue_comment', { ...comment, installation }), idOf('issue_comment', comment))
})

test('two edits of a comment are two updates, even within the second that GitHub tells times by', () => {
  const edit = (from: string, body: string, second: number) =>
    idOf('issue_comment', {
      action: 'edited',
      changes: { body: { from } },
      comment: { id: 3, body, updated_at: `2026-01-01T00:00:0${second}Z` },
      issue: { number: 1 },
      ...place,
    })
  const ids = [edit('a', 'b', 1), edit('b', 'c', 1), edit('b', 'c', 2)]

  assert.equal(new Set(ids).size, 3)
  assert.equal(edit('a', 'b', 1), ids[0])
})

test('a new comment, its deletion, and comments of other kinds under the same number are updates apart', () => {
  const comment = { comment: { id: 3, body: 'a' }, ...place }
  const ids = [
    idOf('issue_comment', { action: 'created', issue: {}, ...comment }),
    idOf('issue_comment', { action: 'deleted', issue: {}, ...comment }),
    idOf('pull_request_review_comment', { action: 'created', pull_request: {}, ...comment }),
    idOf('discussion_comment', { action: 'created', discussion: {}, ...comment }),
    idOf('commit_comment', { action: 'created', ...comment }),
  ]

  assert.equal(new Set(ids).size, ids.length)
})

const thread = { action: 'resolved', pull_request: { number: 1 }, thread: { node_id: 'MDIz' } }
const renamed = { action: 'edited', changes: { name: { from: 'a' } }, label: { id: 1, name: 'b' } }
/** Events that may come again word for word. */
const repeated: Record<string, object> = {
  'the button of a check run': {
    action: 'requested_action',
    check_run: { id: 1 },
    requested_action: { identifier: 'fix' },
  },
  'a check run asked for again': { action: 'rerequested', check_run: { id: 1 } },
  'a check suite asked for again': { action: 'rerequested', check_suite: { id: 1, updated_at: '2026' } },
  'a label renamed to and fro': renamed,
  'a thread resolved again': thread,
  'a thread opened again': { ...thread, action: 'unresolved' },
  'an issue pinned again': { action: 'pinned', issue: { number: 1, updated_at: '2026' } },
  'a discussion labelled again': { action: 'labeled', discussion: { id: 1, updated_at: '2026' }, label: {} },
  'merging by itself switched on again': { action: 'auto_merge_enabled', pull_request: { number: 1 } },
  'a sub-issue added again': { action: 'sub_issue_added', sub_issue: { id: 2 }, parent_issue: { id: 1 } },
  'a branch made again': { ref: 'a', ref_type: 'branch', pusher_type: 'user' },
  'a star taken back again': { action: 'deleted', starred_at: null },
  'an alert opened again': { action: 'reopened', alert: { number: 1 } },
  'a property set to and fro': { action: 'updated', new_property_values: [], old_property_values: [] },
  'a repository renamed to and fro': { action: 'renamed', changes: { repository: {} } },
  'repositories given again': { action: 'added', installation: { id: 1, updated_at: 1 }, repositories: [] },
  'a dispatch': { action: 'roll-out', branch: 'main', client_payload: {} },
  'a workflow started by hand': { inputs: null, ref: 'main', workflow: 'a.yml' },
  'a member who joins again': { action: 'added', member: { id: 6 } },
  'an authorization revoked again': { action: 'revoked' },
  'an event that nobody knows yet': { action: 'changed', thing: { id: 1 } },
}

for (const [what, body] of Object.entries(repeated)) {
  test(`${what} is an update of its own, and one when the delivery is sent again`, () => {
    const of = (delivery: string) => idOf('any', { ...body, ...place }, { 'x-github-delivery': delivery })

    assert.notEqual(of('one'), of('two'))
    assert.equal(of('one'), of('one'))
  })
}

test('what comes by several hooks is one update where its body tells it from all others', () => {
  const bodies = [
    { action: 'labeled', issue: { number: 1, updated_at: '2026' }, label: {} },
    { action: 'closed', pull_request: { number: 1, updated_at: '2026' } },
    { action: 'completed', check_run: { id: 1 } },
    { action: 'completed', workflow_run: { id: 1, updated_at: '2026' } },
    { id: 5, sha: 'abc', context: 'ci', state: 'success', updated_at: '2026' },
    { forkee: { id: 9 } },
  ]
  for (const body of bodies) {
    const [one, two] = ['one', 'two'].map(delivery =>
      idOf('any', { ...body, ...place }, { 'x-github-delivery': delivery }),
    )

    assert.equal(one, two)
  }
})

test('an installation that is suspended twice is two updates', () => {
  const suspend = (second: number) =>
    idOf('installation', {
      action: 'suspend',
      installation: { id: 1, updated_at: second },
      sender: place.sender,
    })

  assert.notEqual(suspend(1), suspend(2))
})

test('a review without words, and an issue that came from another repository, are no messages', () => {
  const review = normalise<'pull-request-review-submitted'>('pull_request_review', {
    action: 'submitted',
    pull_request: { number: 42 },
    review: { id: 1, body: null },
    ...place,
  })
  const moved = normalise('issues', {
    action: 'opened',
    issue: { number: 1, body: '/deploy' },
    changes: { old_issue: { number: 9 } },
    ...place,
  } as never)

  assert.deepEqual([review.kind, moved.kind], ['other', 'other'])
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
  assert.deepEqual(
    { conversation: check.conversation, kind: check.kind },
    { conversation: '7@abc', kind: 'other' },
  )
})

test('what belongs to no repository belongs to its organisation, its installation, its user, or the bot', () => {
  const conversationOf = (payload: object) => normalise('unknown_event', payload as never).conversation

  assert.equal(
    conversationOf({ organization: { id: 1 }, installation: { id: 2 }, sender: { id: 3 } }),
    'org:1',
  )
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
