import { textAt, valueAt } from '../json/value-at.ts'

/**
 * The parts of a message's text that Chat knows
 * (https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages#Annotation).
 */
function annotationsOf(message: unknown): readonly unknown[] {
  const annotations = valueAt(message, 'annotations')
  return Array.isArray(annotations) ? annotations : []
}

function slashCommandIn(message: unknown): unknown {
  return annotationsOf(message).find(annotation => valueAt(annotation, 'type') === 'SLASH_COMMAND')
}

/** Whether a slash command was invoked by the message. */
export function isSlashCommand(message: unknown): boolean {
  return valueAt(message, 'slashCommand') !== undefined || slashCommandIn(message) !== undefined
}

/** The app whose slash command it is, where the message says so. */
export function appOfSlashCommand(message: unknown): string | undefined {
  return textAt(slashCommandIn(message), 'slashCommand', 'bot', 'name')
}

/** Whether an app is mentioned. */
export function mentionsApp(message: unknown): boolean {
  return annotationsOf(message).some(isAppMention)
}

/**
 * What a person typed: without the mentions of apps that a space demands (nothing of a bare mention), and
 * with the name of a slash command, which is no part of `argumentText`. Mentions of people stay as they are
 * shown.
 */
export function textOfMessage(message: unknown): string | undefined {
  const name = textAt(slashCommandIn(message), 'slashCommand', 'commandName')
  const whole = textAt(message, 'text')
  const said = argumentsOf(message, whole)
  if (name === undefined) return isSlashCommand(message) && whole?.startsWith('/') ? whole : said
  const rest = said?.startsWith(name) ? said.slice(name.length) : said
  return `${name} ${rest?.trim() ?? ''}`.trim()
}

/**
 * Chat leaves out what is empty: the `argumentText` of a bare mention, and that of a message without any
 * mention.
 */
function argumentsOf(message: unknown, whole: string | undefined): string | undefined {
  const given = valueAt(message, 'argumentText')
  if (typeof given === 'string') return given.trim()
  if (whole === undefined || !mentionsApp(message)) return whole
  return withoutMentions(whole, annotationsOf(message).filter(isAppMention)).trim()
}

function isAppMention(annotation: unknown): boolean {
  return (
    valueAt(annotation, 'type') === 'USER_MENTION' &&
    valueAt(annotation, 'userMention', 'user', 'type') === 'BOT'
  )
}

function withoutMentions(text: string, mentions: readonly unknown[]): string {
  const ranges = mentions.map(mention => ({
    start: indexAt(mention, 'startIndex'),
    length: indexAt(mention, 'length'),
  }))
  let rest = text
  for (const { start, length } of ranges.sort((a, b) => b.start - a.start)) {
    if (rest[start] === '@') rest = rest.slice(0, start) + rest.slice(start + length)
  }
  return rest
}

function indexAt(annotation: unknown, name: string): number {
  const index = valueAt(annotation, name)
  return Number.isSafeInteger(index) ? (index as number) : 0
}
