import type { UpdateKind } from '@botyard/queue-contracts'
import { membersOf } from '../json/json-members.ts'
import { jsonOf, textAt, valueAt } from '../json/value-at.ts'
import type { ChatEvent } from './chat-event.ts'

const eventPrefix = 'google.workspace.chat.'

/**
 * The kinds of Workspace events (https://developers.google.com/workspace/events/guides/events-chat), and of
 * those that tell what becomes of a subscription
 * (https://developers.google.com/workspace/events/guides/events-lifecycle).
 */
export const workspaceKinds: ReadonlyMap<string, UpdateKind | 'by text'> = new Map([
  [`${eventPrefix}message.v1.created`, 'by text'],
  [`${eventPrefix}message.v1.updated`, 'edit'],
  [`${eventPrefix}message.v1.deleted`, 'other'],
  [`${eventPrefix}message.v1.batchCreated`, 'by text'],
  [`${eventPrefix}message.v1.batchUpdated`, 'edit'],
  [`${eventPrefix}message.v1.batchDeleted`, 'other'],
  [`${eventPrefix}reaction.v1.created`, 'reaction'],
  [`${eventPrefix}reaction.v1.deleted`, 'reaction'],
  [`${eventPrefix}reaction.v1.batchCreated`, 'reaction'],
  [`${eventPrefix}reaction.v1.batchDeleted`, 'reaction'],
  [`${eventPrefix}membership.v1.created`, 'membership'],
  [`${eventPrefix}membership.v1.updated`, 'membership'],
  [`${eventPrefix}membership.v1.deleted`, 'membership'],
  [`${eventPrefix}membership.v1.batchCreated`, 'membership'],
  [`${eventPrefix}membership.v1.batchUpdated`, 'membership'],
  [`${eventPrefix}membership.v1.batchDeleted`, 'membership'],
  [`${eventPrefix}space.v1.updated`, 'other'],
  [`${eventPrefix}space.v1.batchUpdated`, 'other'],
  [`${eventPrefix}space.v1.deleted`, 'other'],
  [`${eventPrefix}spaceReadState.v1.updated`, 'other'],
  [`${eventPrefix}threadReadState.v1.updated`, 'other'],
  [`${eventPrefix}availability.v1.updated`, 'other'],
  ['google.workspace.events.subscription.v1.suspended', 'other'],
  ['google.workspace.events.subscription.v1.expirationReminder', 'other'],
  ['google.workspace.events.subscription.v1.expired', 'other'],
])

/** The lists of a batch: each element is the data of one event. */
const lists = ['messages', 'reactions', 'memberships', 'spaces']

/**
 * A Pub/Sub push `{ message: { data, attributes, messageId }, subscription }` whose data is one Workspace
 * event, or a batch.
 */
export function workspaceEvents(push: unknown, subscription: string, body: Buffer): ChatEvent[] {
  const attribute = (name: string) => textAt(push, 'message', 'attributes', name)
  const type = attribute('ce-type') ?? 'unknown'
  const json = Buffer.from(textAt(push, 'message', 'data') ?? '', 'base64')
  const data = jsonOf(json.toString())
  const id = textAt(push, 'message', 'messageId') ?? attribute('ce-id')
  const subject = attribute('ce-subject')
  const time = attribute('ce-time')
  const pushedAt = textAt(push, 'message', 'publishTime')
  const list = lists.find(name => Array.isArray(valueAt(data, name)))
  if (list === undefined) return [eventOf(data, { subscription, id })]

  const elements = valueAt(data, list) as unknown[]
  const parts = membersOf(json, membersOf(json).findLast(({ name }) => name === list)?.start ?? 0)
  return elements.map((element, n) => {
    const part = json.subarray(parts[n]?.start, parts[n]?.end)
    const own = eventOf(element, { subscription, id: id && `${id}.${n}` })
    return elements.length === 1 ? own : { ...own, raw: pushWithData(body, part) }
  })

  function eventOf(of: unknown, pubsub: NonNullable<ChatEvent['pubsub']>): ChatEvent {
    const message = valueAt(of, 'message')
    const resource = Object.values(of ?? {}).find(part => textAt(part, 'name') !== undefined)
    const name = textAt(resource, 'name')
    return {
      type,
      kind: kindOf(workspaceKinds.get(type) ?? 'other', message),
      space: textAt(message, 'space', 'name') ?? spaceIn(name) ?? spaceIn(subject),
      user:
        valueAt(message, 'sender') ??
        valueAt(resource, 'user') ??
        valueAt(resource, 'member') ??
        userIn(name),
      time: time ?? textAt(message, 'createTime') ?? pushedAt,
      message,
      pubsub,
    }
  }
}

/**
 * What apps post and edit, this one too, comes as an event like any other: a handler that answered it would
 * answer itself. Without the resource's data (`includeResource`) a message is but a name, and what it says
 * comes by another way or not at all.
 */
function kindOf(kind: UpdateKind | 'by text', message: unknown): UpdateKind | 'by text' {
  if (kind !== 'by text' && kind !== 'edit') return kind
  return valueAt(message, 'sender') === undefined || textAt(message, 'sender', 'type') === 'BOT'
    ? 'other'
    : kind
}

/**
 * `spaces/A` of `spaces/A/messages/B/reactions/C`, `users/1/spaces/A/spaceReadState` or
 * `//chat.googleapis.com/spaces/A`.
 */
function spaceIn(name: string | undefined): string | undefined {
  return name?.match(/(?:^|\/)(spaces\/[\w-]+)/)?.[1]
}

/** The user of `users/1/availability` and of a read state, which have no other. */
function userIn(name: string | undefined): { name: string } | undefined {
  const user = name?.match(/^users\/[^/]+/)?.[0]
  return user === undefined ? undefined : { name: user }
}

/** The push as it would be of one event alone: every byte as it came, but for the data. */
function pushWithData(body: Buffer, data: Uint8Array): Uint8Array {
  const message = membersOf(body).findLast(({ name }) => name === 'message')
  const member = message && membersOf(body, message.start).findLast(({ name }) => name === 'data')
  if (member === undefined) return body
  const own = Buffer.from(JSON.stringify(Buffer.from(data).toString('base64')))
  return Buffer.concat([body.subarray(0, member.start), own, body.subarray(member.end)])
}
