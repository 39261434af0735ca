import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'
import { textAt, valueAt } from '../json/value-at.ts'
import { codePointsOf } from '../text/code-points.ts'
import { asWritten } from './as-written.ts'

/**
 * "Message contents (up to 2000 characters)":
 * https://docs.discord.com/developers/resources/message#create-message.
 */
const maxCharacters = 2_000

/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits. */
const maxEmbeds = 10
const maxFields = 25
const maxInEmbeds = 6_000
const maxInPart: readonly (readonly [string, number, ...string[]])[] = [
  ['title', 256, 'title'],
  ['description', 4_096, 'description'],
  ['footer', 2_048, 'footer', 'text'],
  ['author', 256, 'author', 'name'],
]
const maxInField: readonly (readonly [string, number, ...string[]])[] = [
  ['field’s name', 256, 'name'],
  ['field’s value', 1_024, 'value'],
]

/** A message's text counts with what makes it show as it is. Discord counts code points. */
export const discordTextLimit: TextLimit = {
  max: maxCharacters,
  unit: 'characters',
  measure: text => codePointsOf(asWritten(text)),
}

export function tooLongForDiscord({
  content,
  embeds,
}: NonNullable<OutboundMessage['native']>): string | undefined {
  if (typeof content === 'string' && codePointsOf(content) > maxCharacters)
    return `content holds ${maxCharacters} characters`
  if (!Array.isArray(embeds)) return undefined
  if (embeds.length > maxEmbeds) return `a message holds ${maxEmbeds} embeds`
  let inEmbeds = 0
  for (const embed of embeds) {
    const fields = valueAt(embed, 'fields')
    if (Array.isArray(fields) && fields.length > maxFields) return `an embed holds ${maxFields} fields`
    const parts = [...maxInPart.map(part => [embed, part] as const)]
    for (const field of Array.isArray(fields) ? fields : [])
      parts.push(...maxInField.map(part => [field, part] as const))
    for (const [holder, [name, max, ...path]] of parts) {
      const length = codePointsOf(textAt(holder, ...path) ?? '')
      if (length > max) return `an embed’s ${name} holds ${max} characters`
      inEmbeds += length
    }
  }
  return inEmbeds > maxInEmbeds
    ? `the embeds of a message hold ${maxInEmbeds} characters together`
    : undefined
}
