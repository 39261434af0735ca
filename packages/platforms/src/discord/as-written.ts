/** What would begin a heading, a quotation, a list or small print on a line. */
const start = /^([ \t]*)(#{1,3}(?=\s)|>(?:>>)?(?=\s)|-(?=#?\s)|\d+\.(?=\s))/gm

/** Links as Discord finds them, which stay as they are; signs of Markdown, of mentions and of emoji. */
const signs =
  /(?<![^\s(<])https?:\/\/[^\s<]+|[\\`*_[]|\|\||~~|<(?=[@#]|a?:|t:|id:|\/[^<>\n]{1,100}:)|:(?=\w+:)/g

/**
 * Markdown that Discord shows as the plain text. Whether `@everyone` calls anybody is no matter of the text.
 */
export function asWritten(text: string): string {
  return text.replace(signs, signAsWritten).replace(start, startAsWritten)
}

function signAsWritten(sign: string): string {
  if (sign.length > 2) return sign
  return [...sign].map(one => `\\${one}`).join('')
}

function startAsWritten(_all: string, indent: string, begins: string): string {
  // Of a number it is the point that makes a list.
  return /^\d/.test(begins) ? `${indent}${begins.slice(0, -1)}\\.` : `${indent}\\${begins}`
}
