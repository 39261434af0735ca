import { readFileSync } from 'node:fs'
import { sign } from '@octokit/webhooks-methods'
import { adapter as github } from '../../src/github/adapter.ts'
import type { ConformanceCase, RequestOptions } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { flipBit } from '../verify/flip-bit.ts'
import { events as documented } from './events.ts'
import { questions } from './questions.ts'

const credentials = { webhookSecret: "It's a Secret to Everybody", token: 'ghp_0123456789' }

const manifest = readFileSync(new URL('./fixtures/manifest.jsonl', import.meta.url), 'utf8')
const events = new Map(
  manifest
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { file: string; headers: Record<string, string> })
    .map(({ file, headers }) => [file, headers['X-GitHub-Event']]),
)

async function signed(body: Buffer, { contentType = 'application/json', file = '' }: RequestOptions = {}) {
  return webhookRequest(body, {
    'content-type': contentType,
    'x-github-event': events.get(file),
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256': await sign(credentials.webhookSecret, body.toString()),
  })
}

/** GitHub's duties; Octokit signs. */
export const githubCase: ConformanceCase = {
  adapter: github as ConformanceCase['adapter'],
  credentials,
  oracle: '@octokit/webhooks-methods',
  accepted: {
    id: 1,
    data: {
      node: { replyTo: { id: 'DC_1' } },
      addDiscussionComment: { comment: { id: 'DC_9', author: null } },
    },
  },
  request: signed,
  tampered(request) {
    const hex = String(request.headers['x-hub-signature-256']).slice('sha256='.length)
    const forged = `sha256=${flipBit(Buffer.from(hex, 'hex')).toString('hex')}`
    return [
      {
        what: 'signature',
        request: { ...request, headers: { ...request.headers, 'x-hub-signature-256': forged } },
      },
      { what: 'body', request: { ...request, body: flipBit(request.body, 20) } },
      {
        what: 'key',
        request,
        credentials: { webhookSecret: flipBit(Buffer.from(credentials.webhookSecret)).toString() },
      },
    ]
  },
  fixtures: {
    'ping-with-app-id.json': 'handshake',
    'ping-with-organization.json': 'handshake',
    'push-with-new-branch.json': [
      {
        kind: 'other',
        conversation: '186853002',
        user: '21031067',
        tenant: '1',
        text: undefined,
        sentAtMs: undefined,
      },
    ],
    'issues-opened.json': [
      {
        kind: 'message',
        conversation: '186853002#1',
        user: '21031067',
        tenant: undefined,
        text: "It looks like you accidently spelled 'commit' with two 't's.",
        sentAtMs: 1557933618000,
      },
    ],
    'issues-opened-with-empty-body.json': [
      {
        kind: 'message',
        conversation: '186853002#1',
        user: '21031067',
        tenant: undefined,
        text: 'Spelling error in the README file',
        sentAtMs: 1557933618000,
      },
    ],
    'issues-transferred.json': [
      {
        kind: 'other',
        conversation: '17273051#1',
        user: '21031067',
        tenant: undefined,
        text: undefined,
        sentAtMs: undefined,
      },
    ],
    'issue-comment-created-with-installation.json': [
      {
        kind: 'message',
        conversation: '186853002#1',
        user: '21031067',
        tenant: '1',
        text: "You are totally right! I'll get this fixed right away.",
        sentAtMs: 1557933621000,
      },
    ],
    'issue-comment-edited.json': [
      {
        kind: 'edit',
        conversation: '186853002#1',
        user: '21031067',
        tenant: undefined,
        text: "You are totally right! I'll get this fixed today.",
        sentAtMs: 1557933622000,
      },
    ],
    'issue-comment-deleted.json': [
      {
        kind: 'other',
        conversation: '186853002#1',
        user: '21031067',
        tenant: undefined,
        text: undefined,
        sentAtMs: undefined,
      },
    ],
    'pull-request-opened-with-null-body.json': [
      {
        kind: 'message',
        conversation: '186853002#2',
        user: '21031067',
        tenant: '1',
        text: 'Update the README with new information.',
        sentAtMs: 1557933633000,
      },
    ],
    'pull-request-review-comment-created.json': [
      {
        kind: 'message',
        conversation: '186853002#2',
        user: '21031067',
        tenant: '1',
        text: 'Maybe you should use more emoji on this line.',
        sentAtMs: 1557933637000,
      },
    ],
    'discussion-edited-with-reactions.json': [
      {
        kind: 'edit',
        conversation: '186853002#4',
        user: '21031067',
        tenant: '1',
        text: 'TEST edit',
        sentAtMs: 1617135984000,
      },
    ],
    'discussion-comment-created.json': [
      {
        kind: 'message',
        conversation: '186853002#4',
        user: '21031067',
        tenant: '1',
        text: 'ANSWER',
        sentAtMs: 1617135690000,
      },
    ],
    'commit-comment-created.json': [
      {
        kind: 'message',
        conversation: '186853002@6113728f27ae82c7b1a177c8d03f9e96e0adf246',
        user: '21031067',
        tenant: undefined,
        text: 'This is a really good change! :+1:',
        sentAtMs: 1557933639000,
      },
    ],
    'installation-deleted.json': [
      {
        kind: 'membership',
        conversation: 'installation:2',
        user: '1',
        tenant: '2',
        text: undefined,
        sentAtMs: undefined,
      },
    ],
    'installation-suspend.json': [
      {
        kind: 'membership',
        conversation: 'installation:16598467',
        user: '21031067',
        tenant: '16598467',
        text: undefined,
        sentAtMs: undefined,
      },
    ],
    'installation-repositories-removed.json': [
      {
        kind: 'membership',
        conversation: 'installation:2',
        user: '1',
        tenant: '2',
        text: undefined,
        sentAtMs: undefined,
      },
    ],
    'meta-deleted.json': [
      {
        kind: 'membership',
        conversation: '135493233',
        user: '21031067',
        tenant: undefined,
        text: undefined,
        sentAtMs: undefined,
      },
    ],
    'check-run-requested-action.json': [
      {
        kind: 'button',
        conversation: '9384267@5bd5f196a46b8222fb7484f05faba41a73cf34bd',
        user: '2036040',
        tenant: '690857',
        text: 'lgtm|26764',
        sentAtMs: undefined,
      },
    ],
    'gollum-payload.json': [
      {
        kind: 'other',
        conversation: '186853002',
        user: '9831992',
        tenant: undefined,
        text: undefined,
        sentAtMs: undefined,
      },
    ],
    'security-advisory-published.json': [
      {
        kind: 'other',
        conversation: 'bot',
        user: undefined,
        tenant: undefined,
        text: undefined,
        sentAtMs: undefined,
      },
    ],
    'push-form-encoded.form.json': [
      {
        kind: 'other',
        conversation: '186853002',
        user: '21031067',
        tenant: undefined,
        text: undefined,
        sentAtMs: undefined,
      },
    ],
  },
  events: documented,
  questions,
  // By hand or by API: the same bytes, signature and id.
  redelivered: signed,
}
