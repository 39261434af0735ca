import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import type { Limit } from '../limits/limit.ts'
import { rateChosen, rateUnder } from '../limits/rate-limits.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/**
 * "In general, no more than 80 content-generating requests per minute and no more than 500 content-generating
 * requests per hour are allowed"; the 5,000 requests an hour of a token, or however many it has, are learnt
 * from the answers.
 */
export function limitsGitHub(
  { conversation }: Pick<OutboundMessage, 'conversation'>,
  _credentials: unknown,
  { perSecond, perChatPerSecond }: LimitSettings,
  bulk: boolean,
): Limit[] {
  const own: Limit[] = [
    rateUnder('bot', { max: 80, periodMs: minuteMs }, bulk),
    rateUnder('bot:hour', { max: 500, periodMs: hourMs }, bulk),
  ]
  const chosen = rateChosen({ name: 'bot', periodMs: 1000, setting: perSecond, waits: true })
  return [
    ...(perSecond === undefined ? own : chosen),
    ...rateChosen({ name: `chat:${conversation}`, periodMs: 1000, setting: perChatPerSecond, waits: true }),
    { kind: 'window', name: 'hour' },
    { kind: 'pause', name: 'token' },
  ]
}
