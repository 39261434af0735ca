import { idAt, textAt, valueAt } from '../json/value-at.ts'
import { type MessagingFacts, readMessaging } from './read-messaging.ts'
import { timeAt } from './time-at.ts'

/** The entry of a test that Meta's dashboard sends: its users do not exist. */
const testEntry = '0'

/**
 * Reads an element of `changes[]`: what people do to posts, what became of the page, and events of
 * `messaging[]`, which Meta also documents in this form. A comment can be answered in private by its id.
 */
export function readChange(change: unknown, page: string | undefined): MessagingFacts {
  const value = valueAt(change, 'value')
  if (valueAt(value, 'sender') !== undefined && valueAt(value, 'recipient') !== undefined) {
    const facts = readMessaging(value, page)
    return page === testEntry ? { ...facts, kind: 'other' } : facts
  }
  const author = idAt(value, 'from', 'id') ?? idAt(value, 'sender_id') ?? idAt(value, 'reviewer_id')
  // What the page or account itself wrote has no user.
  const isOwn = author === page || valueAt(value, 'from', 'self_ig_scoped_id') !== undefined
  const user = isOwn ? undefined : author
  return {
    kind: 'other',
    user,
    text: textAt(value, 'message') ?? textAt(value, 'text'),
    comment: user === undefined ? undefined : commentOf(change),
    sentAtMs: timeAt(value, 'created_time'),
  }
}

function commentOf(change: unknown): string | undefined {
  const field = textAt(change, 'field')
  if (field === 'comments' || field === 'live_comments') return idAt(change, 'value', 'id')
  return field === 'feed' && valueAt(change, 'value', 'item') === 'comment'
    ? idAt(change, 'value', 'comment_id')
    : undefined
}
