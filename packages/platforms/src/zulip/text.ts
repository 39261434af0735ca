import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'
import { codePointsOf } from '../text/code-points.ts'
import { asWritten } from './as-written.ts'

/**
 * `max_message_length`, as servers are set up; what is longer is cut: https://zulip.com/api/register-queue.
 */
const maxCharacters = 10_000

/** "These values are counted in Unicode code points"; a text counts with what makes it show as it is. */
export const zulipTextLimit: TextLimit = {
  max: maxCharacters,
  unit: 'characters',
  measure: text => codePointsOf(asWritten(text)),
}

export function tooLongForZulip({ content }: NonNullable<OutboundMessage['native']>): string | undefined {
  return typeof content === 'string' && codePointsOf(content) > maxCharacters
    ? `content holds ${maxCharacters} characters`
    : undefined
}
