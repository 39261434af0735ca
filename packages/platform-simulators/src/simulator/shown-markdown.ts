import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

/** A node of a parsed text, as far as it is looked at. */
interface Node {
  readonly type: string
  readonly value?: string
  readonly url?: string
  readonly children?: readonly Node[]
}

/**
 * What is shown of GitHub's Markdown, by its own grammar: the text, with the names of what else it became, so
 * that a test sees bold print where none was meant. Spaces that show nothing are left out.
 */
export function shownMarkdown(markdown: string): string {
  const tree: Node = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
  return shown(tree).replaceAll('\u200b', '').replaceAll('\u00a0', ' ')
}

function shown({ type, value = '', url, children = [] }: Node): string {
  switch (type) {
    case 'text':
      return value
    case 'break':
      return '\n'
    case 'root':
      return children.map(shown).join('\n\n')
    case 'paragraph':
      return children.map(shown).join('')
    case 'link': {
      const text = children.map(shown).join('')
      // An address that GitHub made a link is shown as it was written.
      return [text, `http://${text}`, `mailto:${text}`].includes(url ?? '') ? text : `[link ${text}]`
    }
    case 'html':
      return value === '<!-- -->' ? '' : `[html ${value}]`
    default:
      return `[${type} ${value}${children.map(shown).join('')}]`
  }
}
