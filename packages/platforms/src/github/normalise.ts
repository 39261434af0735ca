import type { BotIdentity } from '@botyard/queue-contracts'
import { Type } from 'typebox'
import type { NormalisedUpdate, WebhookRequest } from '../adapter.ts'
import { InvalidUpdateError } from '../errors.ts'
import { fieldOf, isForm, readForm } from '../http/form-fields.ts'
import { compileShape } from '../json/compile-shape.ts'
import { parseLongJson } from '../json/parse-long-json.ts'
import { idAt, textAt, valueAt } from '../json/value-at.ts'
import { kindOfText } from '../text/kind-of-text.ts'
import { authorOf } from './author.ts'
import { kindOfEvent } from './event-kinds.ts'
import { placeOf } from './place.ts'
import { idOfUpdate } from './update-id.ts'

const checkPayload = compileShape(Type.Object({}))

/** The event's name, which stands in a header alone. */
export function eventOf({ headers }: Pick<WebhookRequest, 'headers'>): string {
  const event = headers['x-github-event']
  return typeof event === 'string' && /^\w{1,100}$/.test(event) ? event : 'unknown'
}

/** Reads one delivery; every member may be missing, as GitHub's events share none. */
export function normaliseGitHub(
  request: Pick<WebhookRequest, 'headers' | 'body'>,
  self?: BotIdentity,
): NormalisedUpdate[] {
  const raw = isForm(request) ? payloadOf(request.body) : request.body
  const payload = checkPayload(parseLongJson(raw))
  const event = eventOf(request)
  const action = textAt(payload, 'action')
  const { kind, member } = kindOfEvent(event, action, payload)
  const text = textOf(payload, kind, member)
  const { user, bot, own } = authorOf(payload, member, self)
  const { conversation, route } = placeOf(event, action, payload)
  const sentAtMs = member === undefined ? undefined : timeOf(valueAt(payload, member), kind)
  const tenant = idAt(payload, 'installation', 'id')
  return [
    {
      id: idOfUpdate(request, raw, payload, action),
      event,
      // The bot's own words come back as events: it would answer itself for ever.
      kind: own && member !== undefined ? 'other' : kind === 'by text' ? kindOfWords(text) : kind,
      conversation: conversation ?? (user === undefined ? 'bot' : `user:${user}`),
      ...(user !== undefined && { user }),
      ...(bot && { fromBot: true }),
      ...(text !== undefined && { text }),
      ...(tenant !== undefined && { tenant }),
      ...(sentAtMs !== undefined && { sentAtMs }),
      route: { event, ...(action !== undefined && { action }), ...route },
      raw,
    },
  ]
}

/** A review without words brings its comments as events of their own: nobody says anything with it. */
function kindOfWords(text: string | undefined): 'command' | 'message' | 'other' {
  return text === undefined ? 'other' : kindOfText(text)
}

function payloadOf(body: Buffer): Buffer {
  const payload = fieldOf(readForm(body), 'payload')
  if (payload === undefined) throw new InvalidUpdateError('shape', 'is required', '/payload')
  return Buffer.from(payload)
}

/** The comment, or an issue's body: its title, where there is nothing else; of a button what it asks for. */
function textOf(payload: unknown, kind: string, member: string | undefined): string | undefined {
  if (kind === 'button') return textAt(payload, 'requested_action', 'identifier')
  if (member === undefined) return undefined
  return textAt(payload, member, 'body') ?? textAt(payload, member, 'title')
}

function timeOf(written: unknown, kind: string): number | undefined {
  const created = textAt(written, 'created_at') ?? textAt(written, 'submitted_at')
  const at = kind === 'edit' ? (textAt(written, 'updated_at') ?? created) : created
  const ms = at === undefined ? Number.NaN : Date.parse(at)
  return Number.isNaN(ms) ? undefined : ms
}
