import type { UpdateKind } from '@botyard/queue-contracts'
import { jsonOf, textAt, valueAt } from '../value-at.ts'
import type { ChatEvent } from './chat-event.ts'

/** The kinds of Workspace events (https://developers.google.com/workspace/events/guides/events-chat); others are `other`. */
const kinds = new Map<string, UpdateKind | 'by text'>([
  ['message.v1.created', 'by text'],
  ['message.v1.updated', 'edit'],
  ['reaction.v1.created', 'reaction'],
  ['reaction.v1.deleted', 'reaction'],
  ['membership.v1.created', 'membership'],
  ['membership.v1.updated', 'membership'],
  ['membership.v1.deleted', 'membership'],
])

/** A Pub/Sub push `{ message: { data, attributes, messageId }, subscription }` whose data is a Workspace event. */
export function workspaceEvent(push: unknown, subscription: string): ChatEvent {
  const attribute = (name: string) => textAt(push, 'message', 'attributes', name)
  const type = attribute('ce-type')?.replace('google.workspace.chat.', '') ?? 'unknown'
  const data = jsonOf(Buffer.from(textAt(push, 'message', 'data') ?? '', 'base64').toString())
  const message = valueAt(data, 'message')
  const about = [message, valueAt(data, 'reaction'), valueAt(data, 'membership')].find(part => part !== undefined)
  return {
    type,
    kind: kindOf(type, message),
    space: textAt(message, 'space', 'name') ?? spaceIn(textAt(about, 'name')) ?? spaceIn(attribute('ce-subject')),
    user: textAt(message, 'sender', 'name') ?? textAt(about, 'user', 'name') ?? textAt(about, 'member', 'name'),
    time: attribute('ce-time') ?? textAt(message, 'createTime') ?? textAt(push, 'message', 'publishTime'),
    message,
    pubsub: { subscription, id: textAt(push, 'message', 'messageId') ?? attribute('ce-id') },
  }
}

/** What apps post, this one too, comes as an event like any other: a handler that answered it would answer itself. */
function kindOf(type: string, message: unknown): UpdateKind | 'by text' {
  const kind = kinds.get(type) ?? 'other'
  return kind === 'by text' && textAt(message, 'sender', 'type') === 'BOT' ? 'other' : kind
}

/** `spaces/A` of `spaces/A/messages/B/reactions/C` or `//chat.googleapis.com/spaces/A`. */
function spaceIn(name: string | undefined): string | undefined {
  return name?.match(/(?:^|\/)(spaces\/[^/]+)/)?.[1]
}
