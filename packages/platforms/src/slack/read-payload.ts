import { hash } from 'node:crypto'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { compileShape } from '../json/compile-shape.ts'
import { textAt, valueAt } from '../json/value-at.ts'
import { interactionKinds } from './event-kinds.ts'
import { textOfPayload } from './interaction-text.ts'
import { conversationOf, tenantOfPayload } from './place.ts'
import { timeOfTs } from './time-of-ts.ts'

const checkPayload = compileShape(Type.Object({ type: Type.String({ minLength: 1 }) }))

/** Reads the JSON of an interactive component, shortcut or view. */
export function readPayload(payload: unknown, request: Pick<WebhookRequest, 'headers' | 'body'>) {
  const { type } = checkPayload(payload)
  const tenant = tenantOfPayload(payload)
  const channel = textAt(payload, 'channel', 'id') ?? textAt(payload, 'container', 'channel_id')
  const user = textAt(payload, 'user', 'id')
  const text = textOfPayload(payload)
  const actedAt = actedAtOf(payload)
  const sentAtMs = timeOfTs(actedAt)
  return {
    id: textAt(payload, 'trigger_id') ?? idOf(payload, actedAt, request),
    event: type,
    kind: interactionKinds.get(type) ?? 'other',
    conversation: conversationOf({ tenant, channel, view: textAt(payload, 'view', 'id'), user }),
    ...(user !== undefined && { user }),
    ...(text !== undefined && { text }),
    ...(tenant !== undefined && { tenant }),
    ...(sentAtMs !== undefined && { sentAtMs }),
    route: routeOf(payload, type, channel),
  } satisfies Omit<NormalisedUpdate, 'raw'>
}

function actedAtOf(payload: unknown): string | undefined {
  return textAt(payload, 'action_ts') ?? textAt(payload, 'actions', '0', 'action_ts')
}

function messageOf(payload: unknown): string | undefined {
  return (
    textAt(payload, 'container', 'message_ts') ??
    textAt(payload, 'message', 'ts') ??
    textAt(payload, 'message_ts')
  )
}

/**
 * What was done to a message at a time was done once; of anything else it is the call that tells, with its
 * time.
 */
function idOf(
  payload: unknown,
  actedAt: string | undefined,
  { headers, body }: Pick<WebhookRequest, 'headers' | 'body'>,
): string {
  const message = messageOf(payload)
  if (message !== undefined && actedAt !== undefined) return `${message}:${actedAt}`
  return callId(headers, body)
}

/** The hash of a call and its signed time: for what has no id and is not sent again. */
export function callId(headers: WebhookRequest['headers'], body: Buffer): string {
  const time = `${headers['x-slack-request-timestamp']}:`
  return `sha256:${hash('sha256', Buffer.concat([Buffer.from(time), body]), 'hex')}`
}

function routeOf(payload: unknown, type: string, channel: string | undefined): Record<string, string> {
  const thread = textAt(payload, 'container', 'thread_ts') ?? textAt(payload, 'message', 'thread_ts')
  const message = messageOf(payload)
  const url = textAt(payload, 'response_url') ?? textAt(payload, 'response_urls', '0', 'response_url')
  const isEphemeral = valueAt(payload, 'container', 'is_ephemeral') === true
  return {
    type,
    ...(channel !== undefined && { channel }),
    ...(thread !== undefined && { thread_ts: thread }),
    ...(message !== undefined && { message }),
    ...(url !== undefined && { response_url: url }),
    ...(isEphemeral && { ephemeral: 'true' }),
  }
}
