import { createHash, hash } from 'node:crypto'
import type { WebhookRequest } from '../adapter.ts'
import { idAt, textAt, valueAt } from '../json/value-at.ts'

/** Actions that happen to a thing once. */
const once = new Set(['created', 'deleted', 'opened', 'submitted'])

/**
 * What an event is about, if its bytes tell it from all others: by a time that moves with it (an issue that
 * is labelled, a run that goes on), or because it happens once (a push, a fork, the revision of a page). Of
 * any other the body may come again word for word: a label that is renamed to and fro, a member who left and
 * joins again, a workflow that is started. `updated_at` alone proves nothing: a discussion's stays when it is
 * labelled, an installation's when repositories are added.
 */
const tellsApart = [
  ...['issue', 'pull_request', 'milestone', 'check_run', 'check_suite', 'workflow_run', 'workflow_job'],
  ...['deployment', 'deployment_status', 'pusher', 'context', 'forkee', 'pages'],
]

/** What can be asked for twice, or done and undone, while nothing else of the thing changes. */
const again =
  /^(requested_action|rerequested|(un)?(resolved|pinned)|auto_merge_(en|dis)abled|(en|de)queued|(un)?typed)$/

/**
 * What tells an event from all others. It is made of the body, which is signed; the headers are not. The
 * hooks of an app, a repository and an organisation bring one event each, so what was written goes by its own
 * id, and all else by its bytes without the installation. Where two events may have the same bytes, GitHub's
 * own id of the delivery tells them apart, which stays when a delivery is sent again: an event that comes by
 * two hooks is two updates then, which is better than one that is lost.
 */
export function idOfUpdate(
  { headers }: Pick<WebhookRequest, 'headers'>,
  raw: Uint8Array,
  payload: object,
  action: string | undefined,
): string {
  if (action === 'edited' || (action !== undefined && once.has(action))) {
    const id = idOfWritten(payload, action)
    if (id !== undefined) return id
  }
  const bytes = hashWithoutInstallation(raw, payload)
  const delivery = headers['x-github-delivery']
  const tells =
    typeof delivery === 'string' && /^[\w-]{1,100}$/.test(delivery) && mayComeAgain(payload, action)
  return tells ? `${bytes}:${delivery}` : bytes
}

function idOfWritten(payload: object, action: string): string | undefined {
  const name = nameOfWritten(payload)
  const written = name === undefined ? undefined : valueAt(payload, name.member)
  const id = idAt(written, 'id')
  if (name === undefined || id === undefined) return undefined
  if (action !== 'edited') return `${name.is}.${action}:${id}`
  // Times are whole seconds, and there may be two edits in one.
  const changed = textOfJson([valueAt(payload, 'changes'), valueAt(written, 'body')])
  if (changed === undefined) return undefined
  const change = hash('sha256', changed, 'base64url')
  return `${name.is}.edited:${id}:${textAt(written, 'updated_at') ?? ''}:${change.slice(0, 22)}`
}

/** What was written, named by the members that stand beside it: each kind of comment counts its ids apart. */
function nameOfWritten(payload: object): { is: string; member: string } | undefined {
  if (Object.hasOwn(payload, 'comment')) {
    const on = ['discussion', 'pull_request', 'issue'].find(name => Object.hasOwn(payload, name)) ?? 'commit'
    return { is: `${on}_comment`, member: 'comment' }
  }
  const member = ['review', 'discussion', 'pull_request', 'issue'].find(name => Object.hasOwn(payload, name))
  return member === undefined ? undefined : { is: member, member }
}

/**
 * JSON of a value; undefined for one that is nested deeper than `JSON.stringify` goes, though it was parsed.
 */
function textOfJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** SHA-256 of the bytes, without what is added for an app if it stands in them as GitHub serialises it. */
function hashWithoutInstallation(raw: Uint8Array, payload: object): string {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const mark = isAppsMark(payload) ? textOfJson(valueAt(payload, 'installation')) : undefined
  const added = mark === undefined ? undefined : `,"installation":${mark}`
  const start = added === undefined ? -1 : bytes.indexOf(added)
  if (added === undefined || start < 0) return hash('sha256', raw, 'hex')
  return createHash('sha256')
    .update(bytes.subarray(0, start))
    .update(bytes.subarray(start + Buffer.byteLength(added)))
    .digest('hex')
}

/**
 * Whether `installation` says only for whom the call is: in events of an installation it is what they are
 * about.
 */
function isAppsMark(payload: object): boolean {
  const installation = valueAt(payload, 'installation')
  if (typeof installation !== 'object' || installation === null) return false
  return Object.keys(installation).every(name => name === 'id' || name === 'node_id')
}

function mayComeAgain(payload: object, action: string | undefined): boolean {
  if (action !== undefined && again.test(action)) return true
  return !tellsApart.some(name => Object.hasOwn(payload, name))
}
