import { hash } from 'node:crypto'
import type { BotIdentity } from '@botyard/queue-contracts'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { isForm, jsonOfForm, readForm } from '../http/form-fields.ts'
import { compileShape } from '../json/compile-shape.ts'
import { parseJson } from '../json/parse-json.ts'
import { idAt, textAt, valueAt } from '../json/value-at.ts'
import { kindOfText } from '../text/kind-of-text.ts'
import { zulipEvents } from './events.ts'

const checkBody = compileShape(Type.Object({}))

/** Reads one message, in Zulip's own format or in the one that resembles Slack's. */
export function normaliseZulip(
  request: Pick<WebhookRequest, 'headers' | 'body'>,
  self?: BotIdentity,
): NormalisedUpdate[] {
  if (isForm(request)) return [readSlackFormat(jsonOfForm(readForm(request.body)), request.body, self)]
  const payload = checkBody(parseJson(request.body))
  const id = idAt(payload, 'message', 'id')
  const email = textAt(payload, 'bot_email')
  const user = idAt(payload, 'message', 'sender_id')
  const written = textAt(payload, 'message', 'content') ?? textAt(payload, 'data')
  const text = withoutMention(written, textAt(payload, 'bot_full_name') ?? self?.name)
  const tenant = textAt(payload, 'message', 'sender_realm_str')
  const own =
    isOwn(user, self) || (email !== undefined && email === textAt(payload, 'message', 'sender_email'))
  return [
    {
      id:
        id === undefined ? hash('sha256', request.body, 'hex') : email === undefined ? id : `${id}:${email}`,
      ...kindOf(textAt(payload, 'trigger'), text, own),
      conversation: conversationOf(valueAt(payload, 'message'), user),
      ...(user !== undefined && { user }),
      ...(own && { fromBot: true }),
      ...(text !== undefined && { text }),
      ...(tenant !== undefined && { tenant }),
      ...timeOf(idAt(payload, 'message', 'timestamp')),
      raw: request.body,
    },
  ]
}

/** It names neither the message nor its topic, and so its bytes are its id: a retry repeats them. */
function readSlackFormat(raw: Buffer, body: Buffer, self: BotIdentity | undefined): NormalisedUpdate {
  const fields = parseJson(raw)
  const channel = numberOf(textAt(fields, 'channel_id'), 'C')
  const user = numberOf(textAt(fields, 'user_id'), 'U')
  const written = textAt(fields, 'text')
  const text = self?.name === undefined ? written : withoutMention(written, self.name)
  const tenant = textAt(fields, 'team_id')
  const own = isOwn(user, self)
  return {
    id: hash('sha256', body, 'hex'),
    ...kindOf(textAt(fields, 'trigger_word'), text, own),
    conversation: channel ?? (user === undefined ? 'bot' : `user:${user}`),
    ...(user !== undefined && { user }),
    ...(own && { fromBot: true }),
    ...(text !== undefined && { text }),
    ...(tenant !== undefined && { tenant }),
    ...timeOf(textAt(fields, 'timestamp')),
    raw,
  }
}

function isOwn(user: string | undefined, self: BotIdentity | undefined): boolean {
  return user !== undefined && user === self?.user
}

/** A trigger that nobody knows yet may be no message at all. */
function kindOf(
  trigger: string | undefined,
  text: string | undefined,
  own: boolean,
): Pick<NormalisedUpdate, 'kind' | 'event'> {
  const isMessage = text !== undefined && !own && (trigger === undefined || zulipEvents.has(trigger))
  return { kind: isMessage ? kindOfText(text) : 'other', ...(trigger !== undefined && { event: trigger }) }
}

/** `<channel>/<topic>`, or `dm:` and everybody's ids in order. */
function conversationOf(message: unknown, user: string | undefined): string {
  const channel = idAt(message, 'stream_id')
  if (channel !== undefined)
    return `${channel}/${textAt(message, 'subject') ?? textAt(message, 'topic') ?? ''}`
  const people = valueAt(message, 'display_recipient')
  const ids = Array.isArray(people) ? people.flatMap(person => idAt(person, 'id') ?? []) : []
  if (ids.length > 0) return `dm:${[...new Set(ids)].sort((a, b) => Number(a) - Number(b)).join(',')}`
  return user === undefined ? 'bot' : `user:${user}`
}

/**
 * What was written; a command without the mention of the bot, which stands before it wherever others can
 * read. A command behind the mention of somebody else is theirs.
 */
function withoutMention(text: string | undefined, name: string | undefined): string | undefined {
  const [mention, mentioned] = /^\s*@\*\*([^*|]{1,200})(?:\|\d{1,20})?\*\*\s+/.exec(text ?? '') ?? []
  if (mention === undefined || (name !== undefined && mentioned !== name)) return text
  const rest = text?.slice(mention.length)
  return kindOfText(rest) === 'command' ? rest : text
}

/** Zulip's number behind the letter that Slack's ids begin with. */
function numberOf(id: string | undefined, letter: string): string | undefined {
  return id?.startsWith(letter) ? id.slice(letter.length) || undefined : id
}

function timeOf(seconds: string | undefined): { sentAtMs?: number } {
  return seconds !== undefined && /^\d{1,12}$/.test(seconds) ? { sentAtMs: Number(seconds) * 1000 } : {}
}
