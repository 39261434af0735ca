import { membersOf } from '../json/json-members.ts'
import { textAt, valueAt } from '../json/value-at.ts'
import { textOfHtml, unescapedHtml } from './html-text.ts'
import { hasValue } from './kind-of-activity.ts'

/**
 * Looking for a mention may take as many steps as both texts have characters, multiplied. A message of Teams
 * has 28 KB and a mention a name; what would take longer than that can is left as it is.
 */
const maxSteps = 50_000_000

/**
 * What the user wrote, without the mention of the bot that a channel demands; of a button or form its data.
 */
export function textOfActivity(activity: unknown, body: Buffer): string | undefined {
  const text = textAt(activity, 'text')
  if (text !== undefined) return typedText(text, activity)
  if (!hasValue(activity)) return formattedText(activity)
  const value = valueAt(activity, 'value')
  if (typeof value === 'string') return value
  // As it was sent: of a name given twice the last counts, as for JSON.parse.
  const member = membersOf(body).findLast(({ name }) => name === 'value')
  return member && body.toString('utf8', member.start, member.end)
}

/** Text with the marks of mentions and entities as Teams sends it, as it was typed. */
function typedText(text: string, activity: unknown): string {
  const named = withNames(text, activity)
  if (!named.includes('&')) return named
  const html = htmlOf(activity)
  // An entity that a person types is escaped in the formatted text.
  const isTyped = html !== undefined && /&amp;(?:amp|lt|gt|quot|nbsp|apos|#39);/.test(html)
  return isTyped ? named : unescapedHtml(named)
}

/** Mentions as they are shown: of the bot nothing, of others the name. */
function withNames(text: string, activity: unknown): string {
  const mentions = mentionsOf(activity)
  const steps = text.length * mentions.reduce((sum, { mark }) => sum + mark.length, 0)
  if (mentions.length === 0 || steps > maxSteps) return text
  const named = mentions.reduce(
    (rest, { mark, isBot }) =>
      rest.replace(mark, () => (isBot ? '' : mark.replace(/^<at[^<>]*>|<\/at>$/g, ''))),
    text,
  )
  return mentions.some(({ isBot }) => isBot) ? named.trim() : named
}

interface Mention {
  /** As it stands in the text. */
  readonly mark: string
  readonly isBot: boolean
}

function mentionsOf(activity: unknown): Mention[] {
  const entities = valueAt(activity, 'entities')
  if (!Array.isArray(entities)) return []
  const bot = textAt(activity, 'recipient', 'id')
  return entities.flatMap(entity => {
    if (textAt(entity, 'type') !== 'mention') return []
    const name = textAt(entity, 'mentioned', 'name')
    const mark = textAt(entity, 'text') ?? (name === undefined ? undefined : `<at>${name}</at>`)
    const isBot = bot !== undefined && textAt(entity, 'mentioned', 'id') === bot
    return mark === undefined ? [] : [{ mark, isBot }]
  })
}

/** A message may have its text in an attachment alone. */
function formattedText(activity: unknown): string | undefined {
  const html = htmlOf(activity)
  if (html === undefined) return undefined
  const mentions = mentionsOf(activity)
  return textOfHtml(html, n => mentions[n]?.isBot === true) || undefined
}

function htmlOf(activity: unknown): string | undefined {
  const attachments = valueAt(activity, 'attachments')
  if (!Array.isArray(attachments)) return undefined
  return textAt(
    attachments.find(attachment => textAt(attachment, 'contentType') === 'text/html'),
    'content',
  )
}
