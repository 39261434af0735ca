/** Characters that Chat's Markdown, or CommonMark below it, gives a meaning anywhere in a text. */
const anywhere = /[\\`*_~<[\]&|]/g
/** What makes a heading, quotation, list, rule or table of a line that it begins. */
const lineStart = /^([ \t]*)(?:([#>+=-])|(\d{1,9})([.)]))/gm
/** Blanks that Markdown drops, or takes for code if there are four. */
const indentation = /^[ \t]+/gm
/** An emoji by its name. */
const emojiName = /:(?=[\w+-]+:)/g
/** What is shown as a link by itself: an escape within would become a part of it. */
const link = /https?:\/\/[^\s<>]+/g

/**
 * A text as Markdown that shows it as it is written: no bold, no link with another name, no mention of
 * `<users/all>`. Chat's own syntax has no escapes; in Markdown a backslash escapes, and two spaces keep the
 * end of a line (https://developers.google.com/workspace/chat/format-messages). Undefined if there is nothing
 * to escape.
 */
export function escapedMarkdown(text: string): string | undefined {
  let escaped = ''
  let from = 0
  for (const { 0: url, index } of text.matchAll(link)) {
    escaped += escapePart(text.slice(from, index), from > 0) + url
    from = index + url.length
  }
  escaped += escapePart(text.slice(from), from > 0)
  return escaped === text ? undefined : escaped
}

/** `inLine`: something stands before it in its line. */
function escapePart(part: string, inLine: boolean): string {
  const isInLine = (at: number) => inLine && at === 0
  return part
    .replace(anywhere, '\\$&')
    .replace(emojiName, '\\:')
    .replace(
      lineStart,
      (whole, blanks: string, mark: string | undefined, digits: string, after: string, at: number) => {
        if (isInLine(at)) return whole
        return mark === undefined ? `${blanks}${digits}\\${after}` : `${blanks}\\${mark}`
      },
    )
    .replace(indentation, (blanks, at: number) =>
      isInLine(at) ? blanks : '\u00a0'.repeat(blanks.replaceAll('\t', '    ').length),
    )
    .replace(/ *\n/g, '  \n')
}
