/** A line's indentation, and what would begin a heading, a quotation, a list or a rule there. */
const start = /^([ \t]*)(#{1,6}(?=\s)|>|[-+](?=\s)|[-_]{3,}(?=\s*$)|\d+[.)](?=\s))?/

/** Texts that Zulip takes for a command: a status, a poll, a list of tasks. */
const command = /^\/(?=(?:me|poll|todo)\b)/

/**
 * Links, which stay as they are; signs of Zulip's Markdown, mentions among them; entities, emoji and times.
 */
const signs = /(?<![^\s(])https?:\/\/[^\s<>*]+|[*`[\]|]|~~+|\$\$|&(?=#?\w+;)|<(?=time:)|:(?=[\w+-]+:)/g

/**
 * Zulip's Markdown that shows as the plain text and mentions nobody. It knows no backslash, but HTML's
 * entities (https://github.com/zulip/zulip/blob/main/zerver/lib/markdown/__init__.py).
 */
export function asWritten(text: string): string {
  const shown = text.split('\n').map(lineAsWritten).join('\n')
  return command.test(text) ? entities('/') + shown.slice(1) : shown
}

function lineAsWritten(line: string): string {
  const [found = '', indent = '', begins = ''] = start.exec(line) ?? []
  const indented = indent.replaceAll('\t', '    ').replaceAll(' ', '&nbsp;')
  // Of a number it is the point that makes a list.
  const begun = /^\d/.test(begins) ? begins.slice(0, -1) + entities(begins.slice(-1)) : entities(begins)
  return (
    indented +
    begun +
    line
      .slice(found.length)
      .replace(signs, sign => (sign.length > 3 && sign.startsWith('http') ? sign : entities(sign)))
  )
}

function entities(signs: string): string {
  return signs.replace(/./g, sign => `&#${sign.charCodeAt(0)};`)
}
