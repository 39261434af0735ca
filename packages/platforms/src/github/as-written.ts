/** A line's indentation, and what would begin a heading, a quotation, a list, a rule or a table there. */
const start =
  /^([ \t]*)(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-(?=[-:\s]*$)|:(?=-+:?\s*$)|=(?==*\s*$)|\d{1,9}[.)](?=\s|$))?/

/**
 * Links as GitHub finds them, which stay as they are; signs of Markdown; entities, mentions, numbers of
 * issues, emoji.
 */
const signs =
  /(?<![^\s(])(?:https?:\/\/|www\.)[\w-]+(?:\.[\w-]+)+[^\s<]*<?|https?(?=:\/\/)|www(?=\.)|[\\`*_[\]<~|]|&(?=#?\w+;)|(?<!\w)@(?=\w)|#(?=\d)|\bGH-(?=\d)|:(?=[\w+-]+:)/gi

/**
 * Shows nothing. GitHub looks for mentions and the like in what Markdown became, where a backslash is gone.
 */
const nothing = '&#8203;'

/**
 * Shows nothing either, and ends a link, whose address would otherwise take in the backslash before a tag.
 */
const endOfLink = '<!-- -->'

/** Markdown that GitHub shows as the plain text, and that mentions nobody and refers to no issue. */
export function asWritten(text: string): string {
  return text.split('\n').map(lineAsWritten).join('\n')
}

function lineAsWritten(line: string): string {
  const [found = '', indent = '', begins = ''] = start.exec(line) ?? []
  const indented = indent.replaceAll('\t', '    ').replaceAll(' ', '&nbsp;')
  const escaped = /^\d/.test(begins) ? `${begins.slice(0, -1)}\\${begins.slice(-1)}` : begins && `\\${begins}`
  const hashes = begins.startsWith('#') ? begins.replaceAll('#', '\\#') : escaped
  return indented + hashes + line.slice(found.length).replace(signs, signAsWritten)
}

function signAsWritten(sign: string): string {
  if (/^(?:https?:\/\/|www\.)/i.test(sign))
    return sign.endsWith('<') ? `${sign.slice(0, -1)}${endOfLink}\\<` : sign
  return sign.length > 1 || '@#:'.includes(sign) ? sign + nothing : `\\${sign}`
}
