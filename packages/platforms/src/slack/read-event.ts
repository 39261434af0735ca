import { hash } from 'node:crypto'
import type { UpdateKind } from '@botyard/queue-contracts'
import type { MessageEvent, SlackEvent } from '@slack/types'
import { Type } from 'typebox'
import type { NormalisedUpdate } from '../adapter.ts'
import { compileShape } from '../compile-shape.ts'
import { textAt, valueAt } from '../value-at.ts'
import { conversationOf, refAt, tenantOfEvent } from './place.ts'
import { timeOfTs } from './time-of-ts.ts'

/** Other types than `message` that a bot has a kind for; messages are told apart by their subtype. */
const kinds: ReadonlyMap<string, UpdateKind> = new Map<SlackEvent['type'], UpdateKind>([
  ['app_mention', 'message'],
  ['reaction_added', 'reaction'],
  ['reaction_removed', 'reaction'],
  ['member_joined_channel', 'membership'],
  ['member_left_channel', 'membership'],
  ['channel_left', 'membership'],
  ['group_left', 'membership'],
  ['team_join', 'membership'],
  ['app_uninstalled', 'membership'],
  ['tokens_revoked', 'membership'],
  ['team_access_granted', 'membership'],
  ['team_access_revoked', 'membership'],
])

const subtypes: ReadonlyMap<string | undefined, UpdateKind> = new Map<
  MessageEvent['subtype'] | 'group_join' | 'group_leave',
  UpdateKind
>([
  [undefined, 'message'],
  ['bot_message', 'message'],
  ['file_share', 'message'],
  ['me_message', 'message'],
  ['thread_broadcast', 'message'],
  ['message_changed', 'edit'],
  ['channel_join', 'membership'],
  ['channel_leave', 'membership'],
  ['group_join', 'membership'],
  ['group_leave', 'membership'],
])

const checkBody = compileShape(Type.Object({ type: Type.String({ minLength: 1 }) }))
const checkCallback = compileShape(Type.Object({ event: Type.Object({ type: Type.String({ minLength: 1 }) }) }))

/**
 * Reads a call of the Events API (https://docs.slack.dev/apis/events-api). What the app itself wrote comes back as an event; it is
 * delivered as `other`, so that no handler of messages answers itself.
 */
export function readEvent(body: unknown, bytes: Uint8Array): Omit<NormalisedUpdate, 'raw'> {
  const { type } = checkBody(body)
  const tenant = tenantOfEvent(body)
  const where = tenant === undefined ? {} : { tenant }
  if (type !== 'event_callback') {
    return { id: idOf(type, body, bytes), kind: 'other', conversation: conversationOf(where), ...where }
  }
  const { event } = checkCallback(body)
  const channel = channelOf(event)
  const user = userOf(event)
  const text = textAt(event, 'text') ?? textAt(event, 'message', 'text')
  const sentAtMs = timeOf(body, event)
  return {
    id: textAt(body, 'event_id') ?? hashOf(bytes),
    kind: isOwn(body, event) ? 'other' : kindOf(event),
    conversation: conversationOf({ ...where, channel, user }),
    ...(user !== undefined && { user }),
    ...(text !== undefined && { text }),
    ...where,
    ...(sentAtMs !== undefined && { sentAtMs }),
    route: routeOf(event, channel),
  }
}

/** `app_rate_limited` has no id of its own, but comes once a minute. */
function idOf(type: string, body: unknown, bytes: Uint8Array): string {
  const minute = valueAt(body, 'minute_rate_limited')
  const team = textAt(body, 'team_id')
  if (team === undefined || typeof minute !== 'number') return textAt(body, 'event_id') ?? hashOf(bytes)
  return `${type}:${team}:${minute}`
}

function hashOf(bytes: Uint8Array): string {
  return `sha256:${hash('sha256', bytes, 'hex')}`
}

function kindOf(event: { type: string }): UpdateKind {
  if (event.type !== 'message') return kinds.get(event.type) ?? 'other'
  return subtypes.get(textAt(event, 'subtype')) ?? 'other'
}

/** Written by the bot's own user, or by this app in a name of its own. */
function isOwn(body: unknown, event: { type: string }): boolean {
  if (event.type !== 'message' && event.type !== 'app_mention') return false
  const message = valueAt(event, 'message') ?? event
  const app = textAt(message, 'app_id') ?? textAt(message, 'bot_profile', 'app_id')
  if (app !== undefined) return app === textAt(body, 'api_app_id')
  const authorization = valueAt(body, 'authorizations', '0')
  const self = textAt(authorization, 'user_id')
  return valueAt(authorization, 'is_bot') === true && self !== undefined && self === textAt(message, 'user')
}

function channelOf(event: unknown): string | undefined {
  return refAt(event, 'channel') ?? textAt(event, 'item', 'channel') ?? textAt(event, 'channel_id')
}

function userOf(event: unknown): string | undefined {
  return (
    refAt(event, 'user') ??
    refAt(event, 'message', 'user') ??
    refAt(event, 'previous_message', 'user') ??
    textAt(event, 'user_id')
  )
}

function timeOf(body: unknown, event: unknown): number | undefined {
  const seconds = valueAt(body, 'event_time')
  return timeOfTs(textAt(event, 'event_ts')) ?? (Number.isSafeInteger(seconds) ? Number(seconds) * 1000 : undefined)
}

/** A reply goes into the thread that the event was in. */
function routeOf(event: unknown, channel: string | undefined): Record<string, string> {
  const thread = textAt(event, 'thread_ts') ?? textAt(event, 'message', 'thread_ts')
  return { ...(channel !== undefined && { channel }), ...(thread !== undefined && { thread_ts: thread }) }
}
