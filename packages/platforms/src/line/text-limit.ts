import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'
import { textAt } from '../json/value-at.ts'
import { maxMessages } from './join.ts'

/** A text message; LINE counts so: https://developers.line.biz/en/docs/messaging-api/text-character-count. */
export const lineTextLimit: TextLimit = { max: 5000, unit: 'UTF-16 units', measure: text => text.length }

const texts = new Set(['text', 'textV2'])

/**
 * Which text of a native message, or of the messages of a body, is longer than LINE takes; or that they are
 * too many.
 */
export function tooLongForLine(native: NonNullable<OutboundMessage['native']>): string | undefined {
  const messages = Array.isArray(native.messages) ? native.messages : [native]
  if (messages.length > maxMessages)
    return `LINE takes ${maxMessages} messages in one call, not ${messages.length}.`
  const lengths = messages.map(message =>
    texts.has(textAt(message, 'type') ?? '') ? (textAt(message, 'text')?.length ?? 0) : 0,
  )
  const longest = Math.max(0, ...lengths)
  if (longest <= lineTextLimit.max) return undefined
  return `LINE takes ${lineTextLimit.max} characters (UTF-16 units) in a text, not ${longest}.`
}
