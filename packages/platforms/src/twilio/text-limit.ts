import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'
import { textAt } from '../json/value-at.ts'

/**
 * A body, whatever the channel: https://www.twilio.com/docs/api/errors/21617. It says that a character beyond
 * the usual counts as several: so UTF-16 units.
 */
export const twilioTextLimit: TextLimit = { max: 1600, unit: 'UTF-16 units', measure: text => text.length }

/** Whether the body of a native message is longer than Twilio takes. */
export function tooLongForTwilio(native: NonNullable<OutboundMessage['native']>): string | undefined {
  const length = textAt(native, 'Body')?.length ?? 0
  if (length <= twilioTextLimit.max) return undefined
  return `Twilio takes ${twilioTextLimit.max} characters (UTF-16 units) in Body, not ${length}.`
}
