import type { BroadcastMessage } from '@botyard/control-database/broadcasts'
import type { PlatformAdapter } from '@botyard/platforms'
import { InvalidRequestError } from '../errors.ts'

/**
 * Why the platform would refuse a message for its length, to each of its recipients: a broadcast is not
 * split.
 */
export function problemOfLength(
  { textLimit, tooLong }: Pick<PlatformAdapter, 'textLimit' | 'tooLong'>,
  message: BroadcastMessage,
): InvalidRequestError | undefined {
  const { text, native }: { text?: string; native?: Record<string, unknown> } = message
  const length = text === undefined ? 0 : (textLimit?.measure(text) ?? 0)
  if (textLimit !== undefined && length > textLimit.max) {
    const { max, unit } = textLimit
    return new InvalidRequestError(
      '/1/text',
      `Line 1 has a text of ${length} ${unit}, and the platform takes ${max} in one message: make it shorter`,
    )
  }
  const why = native && tooLong?.(native)
  return why === undefined ? undefined : new InvalidRequestError('/1/native', `Line 1: ${why}`)
}
