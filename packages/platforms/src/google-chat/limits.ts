import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import type { Limit } from '../limit.ts'
import { rateChosen } from '../rate-limits.ts'

/** Writes of messages: 3,000 a minute in a project, one a second in a space (https://developers.google.com/workspace/chat/limits). */
const PER_PROJECT = 50
const PER_SPACE = 1

/** What a send must stay under; a space's rate holds replies too, since Chat refuses what is beyond it. */
export function limitsOfGoogleChat(
  { conversation }: Pick<OutboundMessage, 'conversation'>,
  _credentials: unknown,
  { perSecond, perChatPerSecond }: LimitSettings,
  bulk: boolean,
): Limit[] {
  const space = `chat:${conversation}`
  return [
    ...rateChosen({ name: 'bot', periodMs: 1000, setting: perSecond, own: PER_PROJECT, waits: bulk }),
    ...rateChosen({ name: space, periodMs: 1000, setting: perChatPerSecond, own: PER_SPACE, waits: true }),
  ]
}
