import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'
import { escapedMarkdown } from './markdown.ts'

/** "The maximum message size, including the message contents, is 32,000 bytes" (spaces.messages.create). */
const maxMessageBytes = 32_000

/** Half a kilobyte of a message is left for the names of its thread and space. */
export const textLimitOfGoogleChat: TextLimit = {
  max: maxMessageBytes - 500,
  unit: 'bytes',
  measure: text => Buffer.byteLength(escapedMarkdown(text) ?? text),
}

/** Why Chat would refuse a message for its size: its texts alone are longer than a whole message may be. */
export function tooLongForGoogleChat(native: NonNullable<OutboundMessage['native']>): string | undefined {
  let bytes = 0
  const values: unknown[] = [native]
  for (let value = values.pop(); value !== undefined; value = values.pop()) {
    if (typeof value === 'string') bytes += Buffer.byteLength(value)
    else if (typeof value === 'object' && value !== null)
      values.push(...Object.values(value).filter(v => v !== undefined))
  }
  return bytes <= maxMessageBytes
    ? undefined
    : `the message has texts of ${bytes} bytes, and Google Chat takes ${maxMessageBytes}`
}
