import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import type { Limit } from '../limits/limit.ts'
import { rateChosen, rateUnder } from '../limits/rate-limits.ts'

/**
 * A bot may send 7 messages within 1 s, 8 within 2 s, 60 within 30 s and 1,800 within an hour into one
 * conversation, and 30 requests a second within one tenant
 * (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit).
 */
const perTenant = 30

/**
 * Two rates together keep all four: the first admits 6 + 0.97 × T in a window of T seconds, which is 6, 7 and
 * 35 in the first three; the second 53 + 0.485 × T, which is 1,799 in an hour.
 */
const chatRates = [
  { name: 'chat', count: 0.97, periodMs: 1000, burst: 6 },
  { name: 'hour', count: 1746, periodMs: 3_600_000, burst: 53 },
]

/**
 * What a send must stay under; a conversation's limits hold replies too, as Teams refuses whatever is beyond
 * them.
 */
export function limitsOfTeams(
  { conversation, action, tenant = '' }: Pick<OutboundMessage, 'conversation' | 'action' | 'tenant'>,
  _credentials: unknown,
  settings: LimitSettings,
  bulk: boolean,
): Limit[] {
  // "Is typing" counts as a message there, but is of use at once or never.
  const waits = action !== 'typing'
  return [...limitsOfBot(tenant, settings.perSecond, bulk), ...limitsOfChat(conversation, settings, waits)]
}

function limitsOfBot(tenant: string, setting: LimitSettings['perSecond'], bulk: boolean): Limit[] {
  if (setting !== undefined) return rateChosen({ name: 'bot', periodMs: 1000, setting, waits: true })
  return [rateUnder(`tenant:${tenant}`, { max: perTenant, periodMs: 1000 }, bulk)]
}

function limitsOfChat(
  conversation: string,
  { perChatPerSecond: setting }: LimitSettings,
  waits: boolean,
): Limit[] {
  if (setting === null) return []
  if (setting !== undefined)
    return [rateUnder(`chat:${conversation}`, { max: setting, periodMs: 1000 }, waits)]
  return chatRates.map(({ name, ...rate }) => ({
    kind: 'rate',
    name: `${name}:${conversation}`,
    ...rate,
    waits,
  }))
}
