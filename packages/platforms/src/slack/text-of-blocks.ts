import { textAt, valueAt } from '../json/value-at.ts'
import { textOfRichText } from './text-of-rich-text.ts'
import { typedText, unescapedText } from './typed-text.ts'

/** Blocks hold blocks; Slack's own nest two deep. */
const maxDepth = 8

/**
 * What blocks say, a line each (https://docs.slack.dev/reference/block-kit/blocks); undefined if they say
 * nothing.
 */
export function textOfBlocks(blocks: unknown, depth = 0): string | undefined {
  if (!Array.isArray(blocks) || depth > maxDepth) return undefined
  return joined(blocks.map(block => textOfBlock(block, depth)))
}

/**
 * What attachments say: their blocks, or the text that stands in for them
 * (https://docs.slack.dev/legacy/legacy-messaging).
 */
export function textOfAttachments(attachments: unknown): string | undefined {
  if (!Array.isArray(attachments)) return undefined
  return joined(
    attachments.map(attachment => {
      const fallback = textAt(attachment, 'fallback')
      return (
        textOfBlocks(valueAt(attachment, 'blocks')) ??
        (fallback && typedText(fallback)) ??
        joined(['pretext', 'title', 'text'].map(name => markup(textAt(attachment, name))))
      )
    }),
  )
}

function textOfBlock(block: unknown, depth: number): string | undefined {
  switch (textAt(block, 'type')) {
    case 'rich_text':
      return textOfRichText(block)
    case 'section':
      return joined([textObject(valueAt(block, 'text')), ...listAt(block, 'fields').map(textObject)])
    case 'header':
    case 'alert':
      return textObject(valueAt(block, 'text'))
    case 'context':
      return joined(
        listAt(block, 'elements').map(element => textObject(element) ?? textAt(element, 'alt_text')),
      )
    case 'markdown':
      return textAt(block, 'text')
    case 'image':
    case 'video':
      return textObject(valueAt(block, 'title')) ?? textAt(block, 'alt_text')
    case 'card':
      return joined(['title', 'subtitle', 'body'].map(name => textObject(valueAt(block, name))))
    case 'carousel':
      return textOfBlocks(valueAt(block, 'elements'), depth + 1)
    case 'container':
      return joined([
        textObject(valueAt(block, 'title')) ?? textOfRichText(valueAt(block, 'rich_text_title')),
        textObject(valueAt(block, 'subtitle')),
        textOfBlocks(valueAt(block, 'child_blocks'), depth + 1),
      ])
    case 'table':
    case 'data_table':
      return joined([textAt(block, 'caption'), ...listAt(block, 'rows').map(textOfRow)])
    case 'task_card':
      return joined([
        textAt(block, 'title'),
        textOfRichText(valueAt(block, 'details')),
        textOfRichText(valueAt(block, 'output')),
      ])
    case 'plan':
      return joined([textAt(block, 'title'), textOfBlocks(valueAt(block, 'tasks'), depth + 1)])
    default:
      return undefined
  }
}

function textOfRow(row: unknown): string | undefined {
  if (!Array.isArray(row)) return undefined
  return row.map(cell => textOfRichText(cell) ?? textAt(cell, 'text') ?? '').join('\t')
}

/** https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
function textObject(value: unknown): string | undefined {
  const text = textAt(value, 'text')
  if (text === undefined) return undefined
  return textAt(value, 'type') === 'mrkdwn' ? typedText(text) : unescapedText(text)
}

function markup(text: string | undefined): string | undefined {
  return text && typedText(text)
}

function listAt(value: unknown, name: string): unknown[] {
  const list = valueAt(value, name)
  return Array.isArray(list) ? list : []
}

function joined(lines: readonly (string | undefined)[]): string | undefined {
  return lines.filter(line => line !== undefined && line !== '').join('\n') || undefined
}
