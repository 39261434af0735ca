import { asWritten } from './as-written.ts'

/** A plain text as a post that shows it as it is and calls nobody. */
export function postOfText(text: string): string {
  return quietText(asWritten(text))
}

/**
 * A text that calls nobody by `@all`, `@channel` or `@here`. The server takes for a mention what follows the
 * `@` without a gap (server/public/model/at_mentions.go), so a space without width is put between; it has no
 * other way to say so of one post.
 */
export function quietText(text: string): string {
  return text.includes('@') ? text.replace(/@(?=(?:all|channel|here)(?![a-z0-9]))/gi, '@\u200b') : text
}
