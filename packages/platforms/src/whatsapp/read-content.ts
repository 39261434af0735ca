import type { UpdateKind } from '@botyard/queue-contracts'
import { textAt, valueAt } from '../json/value-at.ts'
import { kindOfText } from '../text/kind-of-text.ts'

/** What a message is, and what the user wrote or chose. */
export interface Content {
  readonly kind: UpdateKind
  readonly text?: string | undefined
}

/** Types that are messages and hold no text but perhaps a caption. */
const media = new Set(['image', 'video', 'document', 'audio', 'sticker', 'location', 'contacts'])

/**
 * Reads a message by its type; types that nobody knows yet, notices of the system and deletions are `other`.
 */
export function contentOf(message: unknown): Content {
  const type = textAt(message, 'type') ?? ''
  if (media.has(type)) return { kind: 'message', text: textAt(message, type, 'caption') }
  switch (type) {
    case 'text': {
      const text = textAt(message, 'text', 'body')
      return { kind: kindOfText(text), text }
    }
    case 'order':
      return { kind: 'message', text: textAt(message, 'order', 'text') }
    case 'button':
      return {
        kind: 'button',
        text: textAt(message, 'button', 'payload') ?? textAt(message, 'button', 'text'),
      }
    case 'interactive':
      return choiceOf(valueAt(message, 'interactive'))
    case 'reaction':
      // Without an emoji the user took the reaction back.
      return { kind: 'reaction', text: textAt(message, 'reaction', 'emoji') }
    case 'edit':
      return { kind: 'edit', text: editedText(valueAt(message, 'edit', 'message')) }
    default:
      return { kind: 'other' }
  }
}

function editedText(message: unknown): string | undefined {
  return textAt(message, 'text', 'body') ?? textAt(message, textAt(message, 'type') ?? '', 'caption')
}

/** What was chosen of an interactive message; a flow that was filled in is a form. */
function choiceOf(interactive: unknown): Content {
  switch (valueAt(interactive, 'type')) {
    case 'button_reply':
      return { kind: 'button', text: textAt(interactive, 'button_reply', 'id') }
    case 'list_reply':
      return { kind: 'button', text: textAt(interactive, 'list_reply', 'id') }
    case 'call_permission_reply':
      return { kind: 'button', text: textAt(interactive, 'call_permission_reply', 'response') }
    case 'nfm_reply':
      return { kind: 'modal', text: textAt(interactive, 'nfm_reply', 'response_json') }
    default:
      return { kind: 'other' }
  }
}
