import { textAt, valueAt } from '../json/value-at.ts'
import { linkText } from './typed-text.ts'

/**
 * What a rich text says, as Slack writes the same in a message's `text`, but without entities
 * (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block). Undefined for anything else.
 */
export function textOfRichText(block: unknown): string | undefined {
  if (textAt(block, 'type') !== 'rich_text') return undefined
  let text = ''
  for (const part of elementsOf(block)) {
    if (text !== '' && !text.endsWith('\n')) text += '\n'
    text += textOfPart(part)
  }
  return text.replace(/\n$/, '') || undefined
}

function textOfPart(part: unknown): string {
  switch (textAt(part, 'type')) {
    case 'rich_text_list':
      return elementsOf(part)
        .map((item, n) => `${textAt(part, 'style') === 'ordered' ? `${n + 1}.` : '•'} ${inline(item)}`)
        .join('\n')
    case 'rich_text_quote':
      return `> ${inline(part).replaceAll('\n', '\n> ')}`
    case 'rich_text_preformatted':
      return `\`\`\`${inline(part)}\`\`\``
    default:
      return inline(part)
  }
}

function inline(section: unknown): string {
  return elementsOf(section).map(textOfElement).join('')
}

function textOfElement(element: unknown): string {
  switch (textAt(element, 'type')) {
    case 'link':
      return linkText(textAt(element, 'url') ?? '', textAt(element, 'text'))
    case 'user':
      return `<@${textAt(element, 'user_id')}>`
    case 'channel':
      return `<#${textAt(element, 'channel_id')}>`
    case 'usergroup':
      return `<!subteam^${textAt(element, 'usergroup_id')}>`
    case 'broadcast':
      return `@${textAt(element, 'range')}`
    case 'emoji':
      return `:${textAt(element, 'name')}:`
    case 'date':
      return textAt(element, 'fallback') ?? ''
    case 'color':
      return textAt(element, 'value') ?? ''
    default:
      return textAt(element, 'text') ?? ''
  }
}

function elementsOf(value: unknown): unknown[] {
  const elements = valueAt(value, 'elements')
  return Array.isArray(elements) ? elements : []
}
