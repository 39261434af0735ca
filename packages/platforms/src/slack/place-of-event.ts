import { textAt, valueAt } from '../json/value-at.ts'
import { refAt } from './place.ts'

/**
 * Where an event's channel stands, by the pages of https://docs.slack.dev/reference/events; the first that
 * there is counts.
 */
export function channelOfEvent(event: unknown): string | undefined {
  return (
    refAt(event, 'channel') ??
    textAt(event, 'item', 'channel') ??
    textAt(event, 'channel_id') ??
    textAt(event, 'assistant_thread', 'channel_id') ??
    textAt(event, 'new_channel_id')
  )
}

/** The thread that an event was in. */
export function threadOfEvent(event: unknown): string | undefined {
  return (
    textAt(event, 'thread_ts') ??
    textAt(event, 'message', 'thread_ts') ??
    textAt(event, 'previous_message', 'thread_ts') ??
    textAt(event, 'assistant_thread', 'thread_ts')
  )
}

/** Senders that stand for Slack itself, or for somebody who may not be named; they are no people. */
const placeholders: ReadonlySet<string> = new Set(['USLACKBOT', 'USLACK', 'UREVOKEDU'])

export function isPlaceholder(user: string | undefined): boolean {
  return user !== undefined && placeholders.has(user)
}

/** Where else than in `user` the person stands who caused an event. */
const elsewhere: readonly (readonly string[])[] = [
  ['user_id'],
  ['actor_id'],
  ['actor', 'id'],
  ['assistant_thread', 'user_id'],
  ['accepting_user', 'id'],
  ['approving_user', 'id'],
  ['declining_user', 'id'],
  ['invite', 'inviting_user', 'id'],
  ['channel', 'creator'],
  ['subteam', 'updated_by'],
  ['subteam', 'created_by'],
]

/**
 * Who caused an event, as far as it tells. Who deleted a message it does not; that is nearly always its
 * author.
 */
export function userOfEvent(event: unknown): string | undefined {
  const user = refAt(event, 'user')
  if (user !== undefined) return user
  switch (textAt(event, 'subtype')) {
    case 'message_changed':
      return editorOf(event) ?? refAt(event, 'message', 'user')
    case 'message_deleted':
      return refAt(event, 'previous_message', 'user')
    case 'message_replied': {
      // The message is the root, which somebody else wrote.
      const replies = valueAt(event, 'message', 'replies')
      return Array.isArray(replies) ? textAt(replies.at(-1), 'user') : undefined
    }
    case 'bot_message':
      return undefined
  }
  for (const path of elsewhere) {
    const found = textAt(event, ...path)
    if (found !== undefined) return found
  }
  const requesters = valueAt(event, 'invite_request', 'requester_ids')
  return Array.isArray(requesters) && requesters.length === 1 ? textAt(requesters, '0') : undefined
}

/** Who edited; of an app's edit it is a bot's id, which is no user's. */
function editorOf(event: unknown): string | undefined {
  const editor = textAt(event, 'message', 'edited', 'user')
  return editor !== undefined && /^[UW]/.test(editor) ? editor : undefined
}
