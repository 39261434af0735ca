const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&nbsp;': '\u00a0',
  '&apos;': "'",
  '&#39;': "'",
}

/** Characters for the entities that Teams uses. */
export function unescapedHtml(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|nbsp|apos|#39);/g, entity => entities[entity]!)
}

/**
 * The words and lines of a formatted message; mentions, which are numbered, are left out where they are to
 * be.
 */
export function textOfHtml(html: string, isLeftOut: (mention: number) => boolean): string {
  const named = html.replace(
    /<span([^<>]*)>([^<>]*)<\/span>/gi,
    (_span, attributes: string, name: string) => {
      const mention = attributes.includes('schema.skype.com/Mention')
        ? /itemid="(\d{1,5})"/.exec(attributes)?.[1]
        : undefined
      return mention !== undefined && isLeftOut(Number(mention)) ? '' : name
    },
  )
  const lines = named
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/(?:<\/(?:p|div|li|tr|pre|blockquote|h[1-6])>\s*)+/gi, '\n')
    .replace(/<[^<>]*>/g, '')
  return unescapedHtml(lines).trim()
}
