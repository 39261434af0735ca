import { ReplyError } from './errors.ts'
import type { Reply } from './reply.ts'
import { splitText, type TextLimit } from './split-text.ts'

/** What the platform of an update takes as one message. */
export interface MessageLimits {
  /** Without it a text may be as long as it likes. */
  readonly textLimit?: TextLimit
  /**
   * Why the platform would refuse a message of its own for its length, as a sentence; undefined if it would
   * not.
   */
  tooLong?(native: Record<string, unknown>): string | undefined
}

/**
 * Most messages that one reply may become: more would fill the chat, and take its platform's limits for
 * minutes.
 */
const maxPieces = 20

/** The messages that a text is sent as, or `ReplyError` if they would be too many. */
export function piecesOf(text: string, { textLimit }: MessageLimits): string[] {
  if (textLimit === undefined) return [text]
  const pieces = splitText(text, textLimit, maxPieces)
  if (pieces === undefined) {
    throw new ReplyError(
      `${describe(text, textLimit)}, and a reply is split into ${maxPieces} messages at most: say less, or send it as a file`,
    )
  }
  if (pieces.length === 0) throw new ReplyError('A reply needs some text')
  return pieces
}

/**
 * Refuses what cannot be split and would be refused by the platform, while the handler can still say
 * something else.
 */
export function checkLength({ text, native }: Pick<Reply, 'text' | 'native'>, limits: MessageLimits): void {
  const { textLimit } = limits
  if (text !== undefined && textLimit !== undefined && textLimit.measure(text) > textLimit.max) {
    throw new ReplyError(`${describe(text, textLimit)}, and an edit is one message: make the text shorter`)
  }
  const why = native && limits.tooLong?.(native)
  if (why !== undefined) throw new ReplyError(why)
}

function describe(text: string, limit: TextLimit): string {
  return `The text has ${limit.measure(text)} ${limit.unit}, and the platform takes ${limit.max} in one message`
}
