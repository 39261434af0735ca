import type { UpdateKind } from '@botyard/queue-contracts'
import { textAt, valueAt } from '../json/value-at.ts'
import { isSlashCommand, mentionsApp } from './message-text.ts'

/** What an event says, in whichever of its three formats. */
export interface ChatEvent {
  /** The format's own name of the event. */
  readonly type: string
  readonly kind: UpdateKind | 'by text'
  readonly space: string | undefined
  /** Who caused the event. */
  readonly user: unknown
  readonly time: string | undefined
  /** The message that the event is about. */
  readonly message: unknown
  readonly thread?: string | undefined
  /** The function of a button or widget, or the number of a command that has no message. */
  readonly named?: string | undefined
  /** `REQUEST_DIALOG` and its like: answered in the call alone. */
  readonly dialog?: string | undefined
  /** The link that Chat asks a preview of: given in the call alone. */
  readonly preview?: string | undefined
  /** The Pub/Sub subscription that pushed the event, and an id of it there. */
  readonly pubsub?: { readonly subscription: string; readonly id: string | undefined }
  /** The event's own part of the body, if that holds several. */
  readonly raw?: Uint8Array
}

/**
 * The kinds of classic interaction events
 * (https://developers.google.com/workspace/chat/api/reference/rest/v1/EventType).
 */
export const classicKinds: ReadonlyMap<string, UpdateKind | 'by text'> = new Map([
  ['MESSAGE', 'by text'],
  ['ADDED_TO_SPACE', 'membership'],
  ['REMOVED_FROM_SPACE', 'membership'],
  ['CARD_CLICKED', 'button'],
  ['APP_COMMAND', 'command'],
  ['APP_HOME', 'other'],
  ['WIDGET_UPDATED', 'autocomplete'],
  ['SUBMIT_FORM', 'modal'],
])

/**
 * The same of an add-on's events, by the name of their payload
 * (https://developers.google.com/workspace/add-ons/concepts/event-objects).
 */
export const addOnKinds: ReadonlyMap<string, UpdateKind | 'by text'> = new Map([
  ['messagePayload', 'by text'],
  ['addedToSpacePayload', 'membership'],
  ['removedFromSpacePayload', 'membership'],
  ['buttonClickedPayload', 'button'],
  ['appCommandPayload', 'command'],
  ['widgetUpdatedPayload', 'autocomplete'],
])

/** A dialog that was sent in, or closed, comes as a click. */
const ended = new Set(['SUBMIT_DIALOG', 'CANCEL_DIALOG'])

/** `{ type, space, user, message, … }`. */
export function classicEvent(event: unknown, type: string): ChatEvent {
  return interaction(event, {
    type,
    kind: classicKinds.get(type),
    user: valueAt(event, 'user'),
    time: textAt(event, 'eventTime'),
    invoked: textAt(event, 'common', 'invokedFunction') ?? textAt(event, 'action', 'actionMethodName'),
  })
}

/** `{ chat: { user, eventTime, …Payload }, commonEventObject }`. */
export function addOnEvent(event: unknown, chat: object): ChatEvent {
  const type = Object.keys(chat).find(name => name.endsWith('Payload'))
  const payload = type === undefined ? chat : valueAt(chat, type)
  return interaction(payload, {
    type: type ?? 'unknown',
    kind: addOnKinds.get(type ?? ''),
    user: valueAt(chat, 'user'),
    time: textAt(chat, 'eventTime'),
    invoked: textAt(event, 'commonEventObject', 'invokedFunction'),
  })
}

interface Found {
  readonly type: string
  readonly kind: UpdateKind | 'by text' | undefined
  readonly user: unknown
  readonly time: string | undefined
  readonly invoked: string | undefined
}

/** What both formats of an interaction have in common; `payload` holds space, thread and message. */
function interaction(payload: unknown, { type, kind = 'other', user, time, invoked }: Found): ChatEvent {
  const message = valueAt(payload, 'message')
  const space = valueAt(payload, 'space')
  const dialog = textAt(payload, 'dialogEventType')
  const speaks = kind === 'by text' || (kind === 'command' && message !== undefined)
  const preview = speaks && !isAddressed(message, space) ? textAt(message, 'matchedUrl', 'url') : undefined
  return {
    type,
    kind: ended.has(dialog ?? '') ? 'modal' : preview === undefined ? commandOr(kind, message) : 'other',
    space: textAt(space, 'name') ?? textAt(message, 'space', 'name'),
    // Of a card the message's sender is the app, or whose message it was added to: never who clicked.
    user: user ?? (speaks ? valueAt(message, 'sender') : undefined),
    time: time ?? (speaks ? textAt(message, 'createTime') : undefined),
    message,
    thread: textAt(payload, 'thread', 'name'),
    named: speaks ? undefined : (invoked ?? quickCommand(payload)),
    dialog,
    preview,
  }
}

function commandOr(kind: UpdateKind | 'by text', message: unknown): UpdateKind | 'by text' {
  return kind === 'by text' && isSlashCommand(message) ? 'command' : kind
}

/**
 * Chat brings messages with links that it knows too, though nobody spoke to the app: it may only add a
 * preview.
 */
function isAddressed(message: unknown, space: unknown): boolean {
  const isDirect = valueAt(space, 'spaceType') === 'DIRECT_MESSAGE' || valueAt(space, 'type') === 'DM'
  return isDirect || mentionsApp(message) || isSlashCommand(message)
}

/** A command without a message is a quick command: it has a number and no name. */
function quickCommand(payload: unknown): string | undefined {
  const id = valueAt(payload, 'appCommandMetadata', 'appCommandId')
  return typeof id === 'number' || typeof id === 'string' ? `/${id}` : undefined
}
