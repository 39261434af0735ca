import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import type { Limit } from '../limits/limit.ts'
import { rateChosen } from '../limits/rate-limits.ts'

/** Pushes a second of one channel: https://developers.line.biz/en/reference/messaging-api/#rate-limits. */
const pushesPerSecond = 2_000

/** The channel's rate of pushes, the chat's if the bot sets one, and what a 429 of an endpoint pauses. */
export function limitsOfLine(
  { conversation }: Pick<OutboundMessage, 'conversation'>,
  _credentials: unknown,
  { perSecond, perChatPerSecond, perGroupPerMinute }: LimitSettings,
  bulk: boolean,
): Limit[] {
  const everySecond = { periodMs: 1000, waits: true }
  const isGroup = /^[CR]/.test(conversation)
  return [
    ...(perSecond === undefined
      ? rateChosen({ name: 'channel', periodMs: 1000, setting: undefined, own: pushesPerSecond, waits: bulk })
      : rateChosen({ ...everySecond, name: 'bot', setting: perSecond })),
    ...rateChosen({ ...everySecond, name: `chat:${conversation}`, setting: perChatPerSecond }),
    ...(isGroup
      ? rateChosen({
          name: `group:${conversation}`,
          periodMs: 60_000,
          setting: perGroupPerMinute,
          waits: true,
        })
      : []),
    { kind: 'pause', name: 'push' },
    // A broadcast never replies.
    ...(bulk ? [] : [{ kind: 'pause' as const, name: 'reply' }]),
  ]
}
