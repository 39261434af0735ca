import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'
import { textAt } from '../json/value-at.ts'

/**
 * A text message: https://developers.viber.com/docs/api/rest-bot-api/#text-message. Viber says characters;
 * UTF-16 units, of which there are never fewer, stay under it whichever it counts.
 */
export const viberTextLimit: TextLimit = { max: 7000, unit: 'UTF-16 units', measure: text => text.length }

/** Whether the text of a native message is longer than Viber takes. */
export function tooLongForViber(native: NonNullable<OutboundMessage['native']>): string | undefined {
  const length = textAt(native, 'text')?.length ?? 0
  return length <= viberTextLimit.max
    ? undefined
    : `Viber takes ${viberTextLimit.max} characters in text, not ${length}.`
}
