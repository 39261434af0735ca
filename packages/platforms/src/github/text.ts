import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'
import { codePointsOf } from '../text/code-points.ts'
import { asWritten } from './as-written.ts'

/** "Body is too long (maximum is 65536 characters)", as GitHub refuses a longer one. */
const maxCharacters = 65_536

/** A comment's length counts with what makes its text show as it is. */
export const githubTextLimit: TextLimit = {
  max: maxCharacters,
  unit: 'characters',
  measure: text => codePointsOf(asWritten(text)),
}

export function tooLongForGitHub(native: NonNullable<OutboundMessage['native']>): string | undefined {
  const { body } = native
  if (typeof body !== 'string' || body.length <= maxCharacters || codePointsOf(body) <= maxCharacters)
    return undefined
  return `a comment holds ${maxCharacters} characters`
}
