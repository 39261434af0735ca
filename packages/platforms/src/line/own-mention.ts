import { idAt, valueAt } from '../json/value-at.ts'

/**
 * What was written to the bot: a text without the mention of the bot that it begins with, so that a command
 * is one in a group too. A mention elsewhere is part of what was said.
 */
export function withoutOwnMention(text: string, message: unknown, self: string | undefined): string {
  const mentionees = valueAt(message, 'mention', 'mentionees')
  if (!Array.isArray(mentionees)) return text
  const own = mentionees.find(
    one => valueAt(one, 'isSelf') === true || (self !== undefined && idAt(one, 'userId') === self),
  )
  const [index, length] = [valueAt(own, 'index'), valueAt(own, 'length')]
  if (typeof index !== 'number' || typeof length !== 'number' || text.slice(0, index).trim() !== '')
    return text
  return text.slice(index + length).trim()
}
