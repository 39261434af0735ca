import { hash } from 'node:crypto'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { compileShape } from '../compile-shape.ts'
import { isForm, jsonOfForm, readForm } from '../form-fields.ts'
import { kindOfText } from '../kind-of-text.ts'
import { parseJson } from '../parse-json.ts'
import { idAt, textAt, valueAt } from '../value-at.ts'

const checkBody = compileShape(Type.Object({}))

/** Reads one message, in Zulip's own format or in the one that resembles Slack's. */
export function normaliseZulip(request: Pick<WebhookRequest, 'headers' | 'body'>): NormalisedUpdate[] {
  if (isForm(request)) return [readSlackFormat(jsonOfForm(readForm(request.body)), request.body)]
  const payload = checkBody(parseJson(request.body))
  const id = idAt(payload, 'message', 'id')
  const email = textAt(payload, 'bot_email')
  const user = idAt(payload, 'message', 'sender_id')
  const text = textOf(payload)
  const tenant = textAt(payload, 'message', 'sender_realm_str')
  return [
    {
      id: id === undefined ? hash('sha256', request.body, 'hex') : email === undefined ? id : `${id}:${email}`,
      kind: text === undefined ? 'other' : kindOfText(text),
      conversation: conversationOf(valueAt(payload, 'message'), user),
      ...(user !== undefined && { user }),
      ...(text !== undefined && { text }),
      ...(tenant !== undefined && { tenant }),
      ...timeOf(idAt(payload, 'message', 'timestamp')),
      raw: request.body,
    },
  ]
}

/** It names neither the message nor its topic, and so its bytes are its id: a retry repeats them. */
function readSlackFormat(raw: Buffer, body: Buffer): NormalisedUpdate {
  const fields = parseJson(raw)
  const channel = numberOf(textAt(fields, 'channel_id'), 'C')
  const user = numberOf(textAt(fields, 'user_id'), 'U')
  const text = textAt(fields, 'text')
  const tenant = textAt(fields, 'team_id')
  return {
    id: hash('sha256', body, 'hex'),
    kind: text === undefined ? 'other' : kindOfText(text),
    conversation: channel ?? (user === undefined ? 'bot' : `user:${user}`),
    ...(user !== undefined && { user }),
    ...(text !== undefined && { text }),
    ...(tenant !== undefined && { tenant }),
    ...timeOf(textAt(fields, 'timestamp')),
    raw,
  }
}

/** `<channel>/<topic>`, or `dm:` and everybody's ids in order. */
function conversationOf(message: unknown, user: string | undefined): string {
  const channel = idAt(message, 'stream_id')
  if (channel !== undefined) return `${channel}/${textAt(message, 'subject') ?? textAt(message, 'topic') ?? ''}`
  const people = valueAt(message, 'display_recipient')
  const ids = Array.isArray(people) ? people.flatMap(person => idAt(person, 'id') ?? []) : []
  if (ids.length > 0) return `dm:${[...new Set(ids)].sort((a, b) => Number(a) - Number(b)).join(',')}`
  return user === undefined ? 'bot' : `user:${user}`
}

/** What was written; a command without the mention of the bot, which stands before it wherever others can read. */
function textOf(payload: unknown): string | undefined {
  const text = textAt(payload, 'message', 'content') ?? textAt(payload, 'data')
  const rest = text?.replace(/^\s*@\*\*[^*]{1,200}\*\*\s+/, '')
  return kindOfText(rest) === 'command' ? rest : text
}

/** Zulip's number behind the letter that Slack's ids begin with. */
function numberOf(id: string | undefined, letter: string): string | undefined {
  return id?.startsWith(letter) ? id.slice(letter.length) || undefined : id
}

function timeOf(seconds: string | undefined): { sentAtMs?: number } {
  return seconds !== undefined && /^\d{1,12}$/.test(seconds) ? { sentAtMs: Number(seconds) * 1000 } : {}
}
