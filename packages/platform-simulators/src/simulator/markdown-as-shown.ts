/**
 * What a reader sees of a text whose signs of Markdown are all escaped. `entities` are told by the platforms
 * that know those of HTML.
 */
export function markdownAsShown(text: string, entities: Readonly<Record<string, string>> = {}): string {
  return text.replace(
    /\\([!-/:-@[-`{-~])|&#?\w+;/g,
    (all, sign: string | undefined) => sign ?? entities[all] ?? all,
  )
}
