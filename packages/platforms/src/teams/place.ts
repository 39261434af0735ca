import type { BotIdentity } from '@botyard/queue-contracts'
import { textAt } from '../json/value-at.ts'

/**
 * The conversation of an activity. A channel's thread is one of its own: its id is the channel's with
 * `;messageid=` and the root. Of what happens to a channel or a team Teams tells in the team's general
 * channel, so it is the channel or team itself.
 */
export function conversationOfActivity(activity: unknown): string | undefined {
  return subjectOf(activity) ?? textAt(activity, 'conversation', 'id')
}

function subjectOf(activity: unknown): string | undefined {
  if (textAt(activity, 'type') !== 'conversationUpdate') return undefined
  const event = textAt(activity, 'channelData', 'eventType')
  if (event?.startsWith('channel')) return textAt(activity, 'channelData', 'channel', 'id')
  const isOfMembers = event === 'teamMemberAdded' || event === 'teamMemberRemoved'
  return event?.startsWith('team') && !isOfMembers ? textAt(activity, 'channelData', 'team', 'id') : undefined
}

/** Who caused an activity; a thread that stands as the sender is no person. */
export function userOfActivity(activity: unknown): string | undefined {
  const id = textAt(activity, 'from', 'id')
  return textAt(activity, 'from', 'aadObjectId') ?? (id?.startsWith('19:') ? undefined : id)
}

/** Who wrote an activity: the bot itself, which is its recipient, another bot, or a person. */
export function authorOfActivity(
  activity: unknown,
  self: BotIdentity | undefined,
): 'self' | 'bot' | 'person' {
  const id = textAt(activity, 'from', 'id')
  if (id === undefined) return 'person'
  if (id === self?.user || id === textAt(activity, 'recipient', 'id')) return 'self'
  const role = textAt(activity, 'from', 'role')
  return id.startsWith('28:') || role === 'bot' || role === 'skill' ? 'bot' : 'person'
}
