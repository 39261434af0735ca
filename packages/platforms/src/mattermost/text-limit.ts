import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'
import { textAt } from '../json/value-at.ts'
import { postOfText } from './quiet-text.ts'

/** `PostMessageMaxRunesV2` of the server, for databases that were set up with 5.0 or later. */
const maxCharacters = 16_383

export const mattermostTextLimit: TextLimit = {
  max: maxCharacters,
  unit: 'characters',
  measure: text => charactersOf(postOfText(text)),
}

/** Why Mattermost would refuse a native post for its length. */
export function tooLongForMattermost(native: NonNullable<OutboundMessage['native']>): string | undefined {
  const length = charactersOf(textAt(native, 'message') ?? '')
  return length > maxCharacters
    ? `\`message\` has ${length} characters, and Mattermost takes ${maxCharacters}`
    : undefined
}

/** Unicode characters: what Go calls runes. */
function charactersOf(text: string): number {
  let count = text.length
  for (let n = 0; n + 1 < text.length; n++) {
    const isPair = (text.charCodeAt(n) & 0xfc00) === 0xd800 && (text.charCodeAt(n + 1) & 0xfc00) === 0xdc00
    if (isPair) count--
  }
  return count
}
