import { hash } from 'node:crypto'
import type { UpdateKind } from '@botyard/queue-contracts'
import { idAt, textAt, valueAt } from '../json/value-at.ts'
import { kindOfText } from '../text/kind-of-text.ts'
import { timeAt } from './time-at.ts'

/** What one event of Messenger or Instagram says. */
export interface MessagingFacts {
  readonly kind: UpdateKind
  /** Unset if the platform gives the event nothing to tell it by. */
  readonly id?: string | undefined
  readonly user?: string | undefined
  /** Who ticked a checkbox on a website: can be written to, and is nobody yet. */
  readonly userRef?: string | undefined
  readonly text?: string | undefined
  /** The message that is reacted to. */
  readonly message?: string | undefined
  /** The comment that can be answered in private. */
  readonly comment?: string | undefined
  readonly sentAtMs?: number | undefined
}

/** Reads an element of `messaging[]` or `standby[]`; `page` is the page or account that got it. */
export function readMessaging(event: unknown, page: string | undefined): MessagingFacts {
  const sender = idAt(event, 'sender', 'id')
  // An echo is what the page itself wrote: the user is who got it.
  const isOwn = valueAt(event, 'message', 'is_echo') === true || (sender !== undefined && sender === page)
  const around = {
    user: isOwn ? idAt(event, 'recipient', 'id') : sender,
    userRef: idAt(event, 'optin', 'user_ref') ?? idAt(event, 'sender', 'user_ref'),
    sentAtMs: timeAt(event, 'timestamp'),
  }
  const content = contentOf(event, `${page} ${around.user ?? around.userRef}`, idAt(event, 'timestamp'))
  // The page's own messages, edits and reactions are not for the bot to answer.
  return { ...around, ...content, kind: isOwn && content.kind !== 'status' ? 'other' : content.kind }
}

type Content = Pick<MessagingFacts, 'kind' | 'id' | 'text' | 'message'>

/**
 * An event has, besides its sides and its time, one field, named after its kind; kinds that nobody knows yet
 * are `other`.
 */
function contentOf(event: unknown, pair: string, timestamp: string | undefined): Content {
  const message = valueAt(event, 'message')
  if (message !== undefined) return messageOf(message)
  const edit = valueAt(event, 'message_edit')
  if (edit !== undefined) {
    const id = joined(idAt(edit, 'mid'), 'edit', idAt(edit, 'num_edit') ?? '', timestamp)
    return { kind: 'edit', id, text: textAt(edit, 'text') }
  }
  const reaction = valueAt(event, 'reaction')
  if (reaction !== undefined) {
    const mid = idAt(reaction, 'mid')
    const id = joined(mid, idAt(reaction, 'action'), timestamp)
    return { kind: 'reaction', id, text: textAt(reaction, 'emoji'), message: mid }
  }
  const postback = valueAt(event, 'postback')
  if (postback !== undefined) {
    const text = textAt(postback, 'payload') ?? textAt(postback, 'title')
    const digest = joined('postback', pair, timestamp, hash('sha256', text ?? ''))
    return { kind: 'button', id: idAt(postback, 'mid') ?? digest, text }
  }
  for (const kind of ['delivery', 'read']) {
    const status = valueAt(event, kind)
    // A watermark is a time: of two users it may well be the same.
    const until = idAt(status, 'watermark') ?? idAt(status, 'mid')
    if (status !== undefined) return { kind: 'status', id: joined(kind, pair, until) }
  }
  return { kind: 'other' }
}

function messageOf(message: unknown): Content {
  const id = idAt(message, 'mid')
  const text = textAt(message, 'text')
  if (valueAt(message, 'is_deleted') === true) return { kind: 'other', id: joined(id, 'deleted') }
  const payload = textAt(message, 'quick_reply', 'payload')
  if (payload !== undefined) return { kind: 'button', id, text: payload }
  return { kind: kindOfText(text), id, text }
}

/** An id of several parts; none if one is missing. */
function joined(...parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join(':')
}
