import type { UpdateKind } from '@botyard/queue-contracts'
import { textAt, valueAt } from '../value-at.ts'

/** What an event says, in whichever of its three formats. */
export interface ChatEvent {
  /** The format's own name of the kind, for the id of what has none. */
  readonly type: string
  readonly kind: UpdateKind | 'by text'
  readonly space: string | undefined
  readonly user: string | undefined
  readonly time: string | undefined
  /** The message that the event is about. */
  readonly message: unknown
  /** The text of a button or a command that has no message. */
  readonly text?: string | undefined
  /** The Pub/Sub subscription that pushed the event, and Pub/Sub's own id of it. */
  readonly pubsub?: { readonly subscription: string; readonly id: string | undefined }
}

/** The kinds of classic interaction events (`EventType`); others are `other`. */
const classicKinds = new Map<string, UpdateKind | 'by text'>([
  ['MESSAGE', 'by text'],
  ['ADDED_TO_SPACE', 'membership'],
  ['REMOVED_FROM_SPACE', 'membership'],
  ['CARD_CLICKED', 'button'],
  ['APP_COMMAND', 'command'],
  ['WIDGET_UPDATED', 'autocomplete'],
  ['SUBMIT_FORM', 'modal'],
])

/** The same of an add-on's events, by the name of their payload. */
const addOnKinds = new Map<string, UpdateKind | 'by text'>([
  ['messagePayload', 'by text'],
  ['addedToSpacePayload', 'membership'],
  ['removedFromSpacePayload', 'membership'],
  ['buttonClickedPayload', 'button'],
  ['appCommandPayload', 'command'],
  ['widgetUpdatedPayload', 'autocomplete'],
])

/** A dialog that was sent in comes as a click. */
const SUBMITTED = 'SUBMIT_DIALOG'

/** `{ type, space, user, message, … }`. */
export function classicEvent(event: unknown, type: string): ChatEvent {
  const message = valueAt(event, 'message')
  const submitted = textAt(event, 'dialogEventType') === SUBMITTED
  return {
    type,
    kind: submitted ? 'modal' : commandOr(classicKinds.get(type), message),
    space: textAt(event, 'space', 'name') ?? textAt(message, 'space', 'name'),
    user: textAt(event, 'user', 'name') ?? textAt(message, 'sender', 'name'),
    time: textAt(event, 'eventTime') ?? textAt(message, 'createTime'),
    message,
    text:
      textAt(event, 'common', 'invokedFunction') ?? textAt(event, 'action', 'actionMethodName') ?? commandText(event),
  }
}

/** `{ chat: { user, eventTime, …Payload }, commonEventObject }`. */
export function addOnEvent(event: unknown, chat: object): ChatEvent {
  const type = Object.keys(chat).find(name => name.endsWith('Payload')) ?? 'unknown'
  const payload = valueAt(chat, type)
  const message = valueAt(payload, 'message')
  const submitted = textAt(payload, 'dialogEventType') === SUBMITTED
  return {
    type,
    kind: submitted ? 'modal' : commandOr(addOnKinds.get(type), message),
    space: textAt(payload, 'space', 'name') ?? textAt(message, 'space', 'name'),
    user: textAt(chat, 'user', 'name') ?? textAt(message, 'sender', 'name'),
    time: textAt(chat, 'eventTime') ?? textAt(message, 'createTime'),
    message,
    text: textAt(event, 'commonEventObject', 'invokedFunction') ?? commandText(payload),
  }
}

function commandOr(kind: UpdateKind | 'by text' | undefined, message: unknown): UpdateKind | 'by text' {
  return kind === 'by text' && valueAt(message, 'slashCommand') !== undefined ? 'command' : (kind ?? 'other')
}

/** A command without a message is a quick command: it has a number and no name. */
function commandText(payload: unknown): string | undefined {
  const id = valueAt(payload, 'appCommandMetadata', 'appCommandId')
  return typeof id === 'number' || typeof id === 'string' ? `/${id}` : undefined
}
