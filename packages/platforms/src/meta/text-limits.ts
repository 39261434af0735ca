import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'
import { textAt } from '../json/value-at.ts'

/**
 * A message's text:
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/reference/send-api.
 * Meta says characters; UTF-16 units, of which there are never fewer, stay under it whichever it counts.
 */
export const messengerTextLimit: TextLimit = { max: 2000, unit: 'UTF-16 units', measure: text => text.length }

/**
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api:
 * UTF-8, 1,000 bytes.
 */
export const instagramTextLimit: TextLimit = {
  max: 1000,
  unit: 'bytes',
  measure: text => Buffer.byteLength(text),
}

/** The text of a template with buttons. */
const maxTemplateText = 640

/** Which text of a native message is longer than the Send API takes. */
export function tooLongForMessaging(
  native: NonNullable<OutboundMessage['native']>,
  { max, unit, measure }: TextLimit,
): string | undefined {
  const length = measure(textAt(native, 'message', 'text') ?? '')
  if (length > max) return `The Send API takes ${max} ${unit} in message.text, not ${length}.`
  const template = textAt(native, 'message', 'attachment', 'payload', 'text')?.length ?? 0
  if (template <= maxTemplateText) return undefined
  return `The Send API takes ${maxTemplateText} characters in the text of a template, not ${template}.`
}
