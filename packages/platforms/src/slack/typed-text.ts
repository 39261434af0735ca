/**
 * A text of Slack's markup as a person typed it (https://docs.slack.dev/messaging/formatting-message-text):
 * entities become characters, links and calls to all are written out. Mentions of users, channels and groups
 * stay as they are, because only their ids tell who is meant.
 */
export function typedText(text: string): string {
  if (!text.includes('<') && !text.includes('&')) return text
  return text.replace(/<([^<>]*)>|&(?:amp|lt|gt);/g, (whole, inner?: string) =>
    inner === undefined ? characters[whole]! : (writtenOut(inner) ?? whole),
  )
}

/** Entities alone become characters: for texts that are no markup. */
export function unescapedText(text: string): string {
  return text.includes('&') ? text.replace(/&(?:amp|lt|gt);/g, entity => characters[entity]!) : text
}

/**
 * A text that Slack shows as it is written: it cannot mention anybody, nor make a link of a name of its own.
 */
export function escapedText(text: string): string {
  return text.replace(/[&<>]/g, character => entities[character]!)
}

/** A link as text: the address, its label if that is the address as it was typed, or both. */
export function linkText(url: string, label: string | undefined): string {
  if (label === undefined || label === '' || label === url) return url
  const address = url.replace(/^[a-z][a-z0-9+.-]*:(?:\/\/)?/i, '')
  return address === label || address === `${label}/` ? label : `${label} (${url})`
}

const characters: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** What stood between `<` and `>`; undefined if it stays so. */
function writtenOut(inner: string): string | undefined {
  const bar = inner.indexOf('|')
  const target = bar < 0 ? inner : inner.slice(0, bar)
  const label = bar < 0 ? undefined : unescapedText(inner.slice(bar + 1))
  if (/^!(?:here|channel|everyone)$/.test(target)) return `@${target.slice(1)}`
  if (target.startsWith('!')) return label
  // Whatever else is no address was not made by Slack.
  return /^[a-z][a-z0-9+.-]*:/i.test(target) ? linkText(unescapedText(target), label) : undefined
}
