import type { OutboundMessage } from '@botyard/queue-contracts'
import type { TextLimit } from '../adapter.ts'

/**
 * "The bot message size limit is 100 KB", of all but images, as UTF-16; "it's recommended to ensure that the
 * size is within 80 KB"
 * (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages).
 */
const maxBytes = 100 * 1024

/** Under 80 KB together with what is around a text. */
export const teamsTextLimit: TextLimit = { max: 40_000, unit: 'UTF-16 units', measure: text => text.length }

/** Why Teams would refuse an activity with 413 MessageSizeTooBig. */
export function tooLongForTeams(native: NonNullable<OutboundMessage['native']>): string | undefined {
  const json = JSON.stringify(native, (_name, value) =>
    typeof value === 'string' && value.startsWith('data:') ? '' : value,
  )
  const bytes = json.length * 2
  return bytes > maxBytes
    ? `the activity has ${Math.ceil(bytes / 1024)} KB, and Teams takes 100 KB`
    : undefined
}
