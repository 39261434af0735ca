import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'
import { valueAt } from '../json/value-at.ts'

/**
 * "Text of the message to be sent, 1-4096 characters after entities parsing." A plain text has no entities to
 * parse.
 */
export const textLimitOfTelegram: TextLimit = {
  max: 4096,
  unit: 'UTF-16 units',
  measure: text => text.length,
}

const caption = 1024

/** What methods take that have numbers of their own, by their names in lower case. */
const exceptions = new Map([
  ['answercallbackquery', { text: 200, caption }],
  ['sendgift', { text: 128, caption }],
  ['giftpremiumsubscription', { text: 128, caption }],
  ['poststory', { text: textLimitOfTelegram.max, caption: 2048 }],
  ['editstory', { text: textLimitOfTelegram.max, caption: 2048 }],
])
const usual = { text: textLimitOfTelegram.max, caption }

/**
 * Why Telegram would refuse a message for its length. Markup does not count, and white space around a text is
 * cut off; so what has a `parse_mode` is left to Telegram.
 */
export function tooLongForTelegram(native: NonNullable<OutboundMessage['native']>): string | undefined {
  const method = typeof native.method === 'string' ? native.method.toLowerCase() : ''
  const limits = exceptions.get(method) ?? usual
  const media = Array.isArray(native.media) ? native.media : [native.media]
  return (
    excess('text', native, limits.text) ??
    excess('caption', native, limits.caption) ??
    media.map(item => excess('caption', item, caption)).find(sentence => sentence !== undefined)
  )
}

function excess(field: 'text' | 'caption', holder: unknown, max: number): string | undefined {
  const text = valueAt(holder, field)
  if (typeof text !== 'string' || text.length <= max) return undefined
  const mode = valueAt(
    holder,
    field === 'text' && valueAt(holder, 'text_parse_mode') ? 'text_parse_mode' : 'parse_mode',
  )
  if (mode !== undefined && mode !== '') return undefined
  const { length } = text.trim()
  return length <= max ? undefined : `the ${field} has ${length} characters, and Telegram takes ${max}`
}
