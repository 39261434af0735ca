import { hash } from 'node:crypto'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { compileShape } from '../compile-shape.ts'
import { isForm, jsonOfForm, readForm } from '../form-fields.ts'
import { kindOfText } from '../kind-of-text.ts'
import { parseJson } from '../parse-json.ts'
import { textAt } from '../value-at.ts'

const checkBody = compileShape(Type.Object({}))

/** Finds a field by its name, which Twilio spells with a capital. */
type Field = (name: string) => string | undefined

/** Reads one call: a message, what became of one (a status callback), or anything else of Twilio's (a call, an event). */
export function normaliseTwilio(request: Pick<WebhookRequest, 'headers' | 'body'>): NormalisedUpdate[] {
  if (isForm(request)) {
    const fields = readForm(request.body)
    return [readUpdate(name => fields.get(name)?.[0] || undefined, jsonOfForm(fields), request.body)]
  }
  const payload = checkBody(parseJson(request.body))
  return [readUpdate(name => textAt(payload, name), request.body, request.body)]
}

function readUpdate(field: Field, raw: Buffer, body: Buffer): NormalisedUpdate {
  const sid = field('MessageSid') ?? field('SmsSid')
  const status = statusOf(field)
  if (sid !== undefined && status !== undefined) {
    const error = field('ErrorCode')
    const id = [sid, status, ...(error === undefined ? [] : [error])].join(':')
    return { id, kind: 'status', ...parties(field('From'), field('To'), field), raw }
  }
  const from = parties(field('To'), field('From'), field)
  // Calls and events repeat their ids at every step; retries of one call are the same bytes.
  if (sid === undefined) return { id: idOfEvent(field, body), kind: 'other', ...from, raw }
  const button = field('ButtonPayload')
  const text = button ?? field('Body')
  const kind = button === undefined ? kindOfText(text) : 'button'
  return { id: sid, kind, ...from, ...(text !== undefined && { text }), raw }
}

/** What became of a message that we sent; an incoming one says `received`, and that only as `SmsStatus`. */
function statusOf(field: Field): string | undefined {
  const old = field('SmsStatus')
  return field('MessageStatus') ?? (old === 'received' || old === 'receiving' ? undefined : old)
}

/** Conversation, user and our own number: a status callback names them the other way round. */
function parties(
  ours: string | undefined,
  theirs: string | undefined,
  field: Field,
): Pick<NormalisedUpdate, 'conversation' | 'user' | 'route'> {
  const service = field('MessagingServiceSid')
  const route = { ...(ours !== undefined && { from: ours }), ...(service !== undefined && { service }) }
  const fallback = theirs === undefined ? 'bot' : `user:${theirs}`
  return {
    conversation: ours === undefined || theirs === undefined ? fallback : `${ours}/${theirs}`,
    ...(theirs !== undefined && { user: theirs }),
    ...(Object.keys(route).length > 0 && { route }),
  }
}

function idOfEvent(field: Field, body: Buffer): string {
  const name = field('CallSid') ?? field('id') ?? 'event'
  return `${name}:${hash('sha256', body, 'hex')}`
}
