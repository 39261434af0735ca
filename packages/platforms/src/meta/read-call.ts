import { idAt } from '../json/value-at.ts'
import type { MessagingFacts } from './read-messaging.ts'
import { timeAt } from './time-at.ts'

/**
 * Reads an element of `calls[]`: one call has several, told by what happened; the user is the side that is
 * not the page.
 */
export function readCall(call: unknown, page: string | undefined): MessagingFacts {
  const id = idAt(call, 'id')
  const event = idAt(call, 'event') ?? idAt(call, 'status')
  const [from, to] = [idAt(call, 'from'), idAt(call, 'to') ?? idAt(call, 'recipient_id')]
  return {
    kind: 'other',
    id: id === undefined || event === undefined ? undefined : `${id}:${event}`,
    user: from === undefined || from === page ? to : from,
    sentAtMs: timeAt(call, 'timestamp'),
  }
}
