/** A line's indentation, and what would begin a heading, a quotation, a list, a rule or a table there. */
const start =
  /^([ \t]*)(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-(?=[-:|\s]*$)|=(?==*\s*$)|:(?=-+:?\s*$)|\d{1,9}[.)](?=\s|$))?/

/**
 * Links, which stay as they are; signs of Markdown; tags, entities, and emoji. A backslash before a letter
 * escapes nothing, not even a backslash.
 */
const signs = /(?<![^\s(])https?:\/\/[^\s<>]+|\\(?!\w)|[`*_[\]~|]|<(?=[\w/!?@])|&(?=#?\w+;)|:(?=[\w+-]+:)/g

/**
 * Markdown that Mattermost shows as the plain text: it escapes by backslashes, but for a few signs that only
 * entities or a space without width take away
 * (https://github.com/mattermost/marked/blob/master/lib/marked.js).
 */
export function asWritten(text: string): string {
  return text.split('\n').map(lineAsWritten).join('\n')
}

function lineAsWritten(line: string): string {
  const [found = '', indent = '', begins = ''] = start.exec(line) ?? []
  // Four spaces would begin a block of code.
  const indented = indent.replaceAll('\t', '    ').replaceAll(' ', '&nbsp;')
  // Of a number it is the point that makes a list.
  const escaped = /^\d/.test(begins)
    ? `${begins.slice(0, -1)}\\${begins.slice(-1)}`
    : begins.replace(/./g, '\\$&')
  return indented + escaped + line.slice(found.length).replace(signs, signAsWritten)
}

function signAsWritten(sign: string): string {
  if (sign.length > 1) return sign
  if (sign === '<') return '&lt;'
  if (sign === '&') return '&amp;'
  return sign === ':' ? ':\u200b' : `\\${sign}`
}
