import { hash } from 'node:crypto'
import type { UpdateKind } from '@botyard/queue-contracts'
import { kindOfText } from '../text/kind-of-text.ts'
import type { Field, ReadUpdate } from './form.ts'
import { placeOf } from './parties.ts'
import { readConversationEvent } from './read-conversation-event.ts'

/** A status, as opposed to one with the next field at its end, which the signature would take. */
const statusWord = /^[a-z_]{1,32}$/
const errorCode = /^\d{1,6}$/

/**
 * Reads a form: a message, what became of one, an event of a conversation, a call, an error. What has no id
 * of its own is told by its signature, which a replay has too, however its parts that are not signed were
 * changed.
 */
export function readForm(
  field: Field,
  { signature, body }: { signature: string | undefined; body: Buffer },
): ReadUpdate {
  const digest = signature ?? hash('sha256', body)
  const type = field('EventType')
  if (type !== undefined && /^on[A-Z]/.test(type)) return readConversationEvent(type, field, digest)
  const sid = field('MessageSid') ?? field('SmsSid') ?? field('SmsMessageSid')
  if (sid === undefined) return readOther(field, digest)
  const status = statusOf(field)
  return status === undefined ? readMessage(sid, field) : readStatus(sid, status, field, digest)
}

function readStatus(sid: string, status: string, field: Field, digest: string): ReadUpdate {
  const error = field('ErrorCode')
  const parts = [sid, status, ...(error !== undefined && errorCode.test(error) ? [error] : [])]
  return {
    id: statusWord.test(status) ? parts.join(':') : `${sid}:${digest}`,
    kind: 'status',
    event: 'status',
    ...placeOf({ ours: field('From'), theirs: field('To'), service: field('MessagingServiceSid') }),
  }
}

/** What became of a message that we sent; an incoming one says `received`, and that only as `SmsStatus`. */
function statusOf(field: Field): string | undefined {
  const old = field('SmsStatus')
  return field('MessageStatus') ?? (old === 'received' || old === 'receiving' ? undefined : old)
}

function readMessage(sid: string, field: Field): ReadUpdate {
  const { kind, text } = contentOf(field)
  return {
    id: sid,
    kind,
    event: 'message',
    ...placeOf({ ours: field('To'), theirs: field('From'), service: field('MessagingServiceSid') }),
    ...(text !== undefined && { text }),
  }
}

function contentOf(field: Field): { kind: UpdateKind; text: string | undefined } {
  const choice = field('ButtonPayload') ?? field('ListId')
  if (choice !== undefined) return { kind: 'button', text: choice }
  const form = field('InteractiveData')
  if (form !== undefined) return { kind: 'modal', text: form }
  const text = field('Body')
  const optOut = field('OptOutType')
  // Twilio has answered these itself: STOP and START say whether the user may be written to at all.
  if (optOut !== undefined)
    return { kind: optOut === 'STOP' || optOut === 'START' ? 'membership' : 'other', text }
  return { kind: kindOfText(text), text }
}

/**
 * A call of the voice API, an error of the debugger, or what nobody knows yet; a call repeats its id at every
 * step.
 */
function readOther(field: Field, digest: string): ReadUpdate {
  const call = field('CallSid')
  const isError = field('PayloadType') !== undefined && field('Level') !== undefined
  const event = call !== undefined ? 'call' : isError ? 'debugger' : undefined
  return {
    id: `${call ?? field('Sid') ?? 'event'}:${digest}`,
    kind: 'other',
    ...placeOf({ ours: field('To'), theirs: field('From'), service: field('MessagingServiceSid') }),
    ...(event !== undefined && { event }),
  }
}
