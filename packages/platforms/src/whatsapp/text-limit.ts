import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'
import { textAt, valueAt } from '../json/value-at.ts'

/**
 * A text's body:
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages. Meta says
 * characters; UTF-16 units, of which there are never fewer, stay under it whichever it counts.
 */
export const whatsAppTextLimit: TextLimit = { max: 4096, unit: 'UTF-16 units', measure: text => text.length }

/** The body of a message with buttons, and the caption of a file. */
const maxBody = 1024

const captioned = ['image', 'video', 'document']

/** Which part of a native message is longer than the Cloud API takes. */
export function tooLongForWhatsApp(native: NonNullable<OutboundMessage['native']>): string | undefined {
  const list = valueAt(native, 'interactive', 'type') === 'list'
  const parts: [string, string | undefined, number][] = [
    ['text.body', textAt(native, 'text', 'body'), whatsAppTextLimit.max],
    [
      'interactive.body.text',
      textAt(native, 'interactive', 'body', 'text'),
      list ? whatsAppTextLimit.max : maxBody,
    ],
    ...captioned.map((type): [string, string | undefined, number] => [
      `${type}.caption`,
      textAt(native, type, 'caption'),
      maxBody,
    ]),
  ]
  const over = parts.find(([, text, max]) => text !== undefined && text.length > max)
  return over && `WhatsApp takes ${over[2]} characters in ${over[0]}, not ${over[1]!.length}.`
}
