import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'
import { textAt, valueAt } from '../json/value-at.ts'
import { escapedText } from './typed-text.ts'

/**
 * "For best results, limit the number of characters in the text field to 4,000"; more than 40,000 are cut
 * (https://docs.slack.dev/reference/methods/chat.postMessage).
 */
export const slackTextLimit: TextLimit = {
  max: 4_000,
  unit: 'UTF-16 units',
  measure: text => escapedText(text).length,
}

const maxText = 40_000
const maxBlocks = 50
/** Of the `markdown_text` of a message, and of its markdown blocks together. */
const maxMarkdown = 12_000

/** Texts of blocks that have a documented limit: https://docs.slack.dev/reference/block-kit/blocks. */
const maxOfText: Readonly<Record<string, number>> = { section: 3_000, header: 150 }
const maxField = 2_000

/** Why Slack would cut or refuse a native message. */
export function tooLongForSlack(native: NonNullable<OutboundMessage['native']>): string | undefined {
  const text = textAt(native, 'text')?.length ?? 0
  if (text > maxText) return `\`text\` has ${text} characters, and Slack keeps ${maxText}`
  const blocks = valueAt(native, 'blocks')
  return (
    over('`markdown_text`', textAt(native, 'markdown_text')?.length ?? 0, maxMarkdown) ??
    (Array.isArray(blocks) ? tooLongBlocks(blocks) : undefined)
  )
}

function tooLongBlocks(blocks: readonly unknown[]): string | undefined {
  if (blocks.length > maxBlocks) return `\`blocks\` has ${blocks.length} blocks, and Slack takes ${maxBlocks}`
  let markdown = 0
  for (const [n, block] of blocks.entries()) {
    const type = textAt(block, 'type') ?? ''
    if (type === 'markdown') markdown += textAt(block, 'text')?.length ?? 0
    const max = Object.hasOwn(maxOfText, type) ? maxOfText[type]! : Number.POSITIVE_INFINITY
    const why =
      over(`\`blocks.${n}.text\``, textAt(block, 'text', 'text')?.length ?? 0, max) ?? tooLongField(block, n)
    if (why !== undefined) return why
  }
  return markdown > maxMarkdown
    ? `the markdown blocks have ${markdown} characters, and Slack takes ${maxMarkdown}`
    : undefined
}

function tooLongField(block: unknown, n: number): string | undefined {
  const fields = valueAt(block, 'fields')
  if (!Array.isArray(fields)) return undefined
  for (const [m, field] of fields.entries()) {
    const why = over(`\`blocks.${n}.fields.${m}\``, textAt(field, 'text')?.length ?? 0, maxField)
    if (why !== undefined) return why
  }
  return undefined
}

function over(what: string, length: number, max: number): string | undefined {
  return length > max ? `${what} has ${length} characters, and Slack takes ${max}` : undefined
}
