import type { UpdateKind } from '@botyard/queue-contracts'
import { valueAt } from '../json/value-at.ts'

/**
 * What a user writes, by the member of the payload that holds it; `since` is the action by which it first
 * appears.
 */
const written: Readonly<Record<string, { member: string; since: string }>> = {
  issue_comment: { member: 'comment', since: 'created' },
  commit_comment: { member: 'comment', since: 'created' },
  discussion_comment: { member: 'comment', since: 'created' },
  pull_request_review_comment: { member: 'comment', since: 'created' },
  pull_request_review: { member: 'review', since: 'submitted' },
  issues: { member: 'issue', since: 'opened' },
  pull_request: { member: 'pull_request', since: 'opened' },
  discussion: { member: 'discussion', since: 'created' },
}

/** Who may see what, or where the app is installed: the last ones tell that the bot was removed. */
const memberships = new Set([
  'member',
  'membership',
  'installation',
  'installation_repositories',
  'installation_target',
  'github_app_authorization',
  'meta',
])

/**
 * What an event is here; `by text` tells commands from messages. `member` names the part that a user wrote.
 */
export interface EventKind {
  readonly kind: UpdateKind | 'by text'
  readonly member?: string
}

/** The kind of an event and its action; events that nobody knows yet are `other`. */
export function kindOfEvent(event: string, action: string | undefined, payload: unknown): EventKind {
  if (memberships.has(event)) return { kind: 'membership' }
  if (event === 'check_run' && action === 'requested_action') return { kind: 'button' }
  const known = Object.hasOwn(written, event) ? written[event] : undefined
  if (!known) return { kind: 'other' }
  // A review that was dismissed, a comment that was deleted: nobody says anything.
  if (action === 'edited') return { kind: 'edit', member: known.member }
  if (action !== known.since || wasMoved(payload)) return { kind: 'other' }
  return { kind: 'by text', member: known.member }
}

/** An issue that came from another repository is opened once more, and says what it said there. */
function wasMoved(payload: unknown): boolean {
  return valueAt(payload, 'changes', 'old_issue') !== undefined
}
