import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import type { Limit } from '../limits/limit.ts'
import { rateChosen } from '../limits/rate-limits.ts'

/**
 * Writes of messages: 3,000 a minute in a project, one a second in a space
 * (https://developers.google.com/workspace/chat/limits).
 */
const perProject = 50

/**
 * A second counts one message: of two that leave a second apart, one a little late makes the next too early.
 */
const perSpace = { count: 1, periodMs: 1_150, burst: 1 }

/** What a send must stay under; a space's rate holds replies too, since Chat refuses what is beyond it. */
export function limitsOfGoogleChat(
  { conversation }: Pick<OutboundMessage, 'conversation'>,
  _credentials: unknown,
  { perSecond, perChatPerSecond }: LimitSettings,
  bulk: boolean,
): Limit[] {
  const space = `chat:${conversation}`
  return [
    ...rateChosen({ name: 'bot', periodMs: 1000, setting: perSecond, own: perProject, waits: bulk }),
    ...(perChatPerSecond === undefined
      ? [{ kind: 'rate' as const, name: space, ...perSpace, waits: true }]
      : rateChosen({ name: space, periodMs: 1000, setting: perChatPerSecond, waits: true })),
  ]
}
