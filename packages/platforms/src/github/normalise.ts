import { hash } from 'node:crypto'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { compileShape } from '../compile-shape.ts'
import { fieldOf, isForm, readForm } from '../form-fields.ts'
import { InvalidUpdateError } from '../invalid-update-error.ts'
import { kindOfText } from '../kind-of-text.ts'
import { parseJson } from '../parse-json.ts'
import { idAt, textAt, valueAt } from '../value-at.ts'
import { kindOfEvent } from './event-kinds.ts'

const checkPayload = compileShape(Type.Object({}))

/** The event's name, which stands in a header alone. */
export function eventOf({ headers }: Pick<WebhookRequest, 'headers'>): string {
  const event = headers['x-github-event']
  return typeof event === 'string' && /^\w{1,100}$/.test(event) ? event : 'unknown'
}

/** Reads one delivery; every member may be missing, as GitHub's events share none. */
export function normaliseGitHub(request: Pick<WebhookRequest, 'headers' | 'body'>): NormalisedUpdate[] {
  const raw = isForm(request) ? payloadOf(request.body) : request.body
  const payload = checkPayload(parseJson(raw))
  const event = eventOf(request)
  const action = textAt(payload, 'action')
  const { kind, member } = kindOfEvent(event, action)
  const text = textOf(payload, kind, member)
  const place = placeOf(payload)
  const user = idAt(payload, 'sender', 'id')
  const sentAtMs = member === undefined ? undefined : timeOf(valueAt(payload, member), kind)
  const tenant = idAt(payload, 'installation', 'id')
  return [
    {
      id: deliveryOf(request),
      kind: kind !== 'by text' ? kind : byBot(payload) ? 'other' : kindOfText(text),
      conversation: place.conversation ?? (user === undefined ? 'bot' : `user:${user}`),
      ...(user !== undefined && { user }),
      ...(text !== undefined && { text }),
      ...(tenant !== undefined && { tenant }),
      ...(sentAtMs !== undefined && { sentAtMs }),
      route: { event, ...(action !== undefined && { action }), ...place.route },
      raw,
    },
  ]
}

/** An app's own comments come back as events: no message handler should answer them, or it would answer itself for ever. */
function byBot(payload: unknown): boolean {
  return valueAt(payload, 'sender', 'type') === 'Bot'
}

function payloadOf(body: Buffer): Buffer {
  const payload = fieldOf(readForm(body), 'payload')
  if (payload === undefined) throw new InvalidUpdateError('shape', 'is required', '/payload')
  return Buffer.from(payload)
}

/** GitHub's GUID, the same when somebody has it sent again; a call without one is told by its bytes. */
function deliveryOf({ headers, body }: Pick<WebhookRequest, 'headers' | 'body'>): string {
  const delivery = headers['x-github-delivery']
  return typeof delivery === 'string' && /^[\w-]{1,100}$/.test(delivery) ? delivery : hash('sha256', body, 'hex')
}

/** The comment, or an issue's body: its title, where there is nothing else; of a button what it asks for. */
function textOf(payload: unknown, kind: string, member: string | undefined): string | undefined {
  if (kind === 'button') return textAt(payload, 'requested_action', 'identifier')
  if (member === undefined) return undefined
  return textAt(payload, member, 'body') ?? textAt(payload, member, 'title')
}

function timeOf(written: unknown, kind: string): number | undefined {
  const created = textAt(written, 'created_at') ?? textAt(written, 'submitted_at')
  const at = kind === 'edit' ? (textAt(written, 'updated_at') ?? created) : created
  const ms = at === undefined ? Number.NaN : Date.parse(at)
  return Number.isNaN(ms) ? undefined : ms
}

/** Where an event belongs: an issue (pull requests are issues), a discussion, a commit, a repository, or who it is about. */
function placeOf(payload: unknown): { conversation?: string; route: Record<string, string> } {
  const repository = idAt(payload, 'repository', 'id')
  const name = textAt(payload, 'repository', 'full_name')
  const comment = idAt(payload, 'comment', 'id')
  const route = { ...(name !== undefined && { repository: name }), ...(comment !== undefined && { comment }) }
  if (repository === undefined) {
    const organisation = idAt(payload, 'organization', 'id')
    const installation = idAt(payload, 'installation', 'id')
    if (organisation !== undefined) return { conversation: `org:${organisation}`, route }
    return { ...(installation !== undefined && { conversation: `installation:${installation}` }), route }
  }
  const issue = idAt(payload, 'issue', 'number') ?? idAt(payload, 'pull_request', 'number')
  if (issue !== undefined) return { conversation: `${repository}#${issue}`, route: { ...route, issue } }
  // Discussions count on with issues, so the number is enough to tell them.
  const discussion = idAt(payload, 'discussion', 'number')
  if (discussion !== undefined) return { conversation: `${repository}#${discussion}`, route: { ...route, discussion } }
  const commit = commitOf(payload)
  if (commit !== undefined) return { conversation: `${repository}@${commit}`, route: { ...route, commit } }
  return { conversation: repository, route }
}

function commitOf(payload: unknown): string | undefined {
  return (
    textAt(payload, 'comment', 'commit_id') ??
    textAt(payload, 'check_run', 'head_sha') ??
    textAt(payload, 'check_suite', 'head_sha') ??
    textAt(payload, 'workflow_run', 'head_sha') ??
    textAt(payload, 'sha')
  )
}
