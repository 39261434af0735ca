import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import type { Limit } from '../limits/limit.ts'
import { rateChosen } from '../limits/rate-limits.ts'
import type { DiscordCredentials } from './credentials.ts'
import { type DiscordMessage, sendRoutesOf } from './send-routes.ts'

/**
 * "All bots can make up to 50 requests per second":
 * https://discord.com/developers/docs/topics/rate-limits#global-rate-limit.
 */
const ofBot = 50

/**
 * What a global 429 pauses: everything of the bot but answers to interactions, which the global limit leaves
 * out.
 */
export const globalScope = 'global'

/** Answers of 401, 403 and 429 within 10 minutes: 10,000 of an address ban it, so we stop short of them. */
export const invalidScope = 'invalid'
const maxInvalid = 9_000
const invalidPeriodMs = 10 * 60 * 1000

/**
 * What a send must stay under; all but the global rate and the invalid answers is learnt from what Discord
 * says.
 */
export function limitsOfDiscord(
  message: DiscordMessage & Pick<OutboundMessage, 'tenant'>,
  credentials: Pick<DiscordCredentials, 'botToken' | 'applicationId'>,
  { perSecond, perChatPerSecond, perGroupPerMinute }: LimitSettings,
  bulk: boolean,
): Limit[] {
  const routes = sendRoutesOf(message, credentials)
  if (typeof routes === 'string') return []
  const [{ by, window }] = routes
  const { action, conversation, tenant } = message
  const limits: Limit[] = [
    { kind: 'window', name: window },
    { kind: 'errors', name: invalidScope, max: maxInvalid, periodMs: invalidPeriodMs },
  ]
  if (by === 'bot') {
    limits.push(...rateChosen({ name: 'bot', periodMs: 1000, setting: perSecond, own: ofBot, waits: bulk }))
    limits.push({ kind: 'pause', name: globalScope })
  } else limits.push(...rateChosen({ name: 'bot', periodMs: 1000, setting: perSecond, waits: true }))
  if (action === 'typing') return limits
  const chat = `chat:${conversation}`
  limits.push(...rateChosen({ name: chat, periodMs: 1000, setting: perChatPerSecond, waits: true }))
  if (tenant === undefined) return limits
  const group = `group:${conversation}`
  limits.push(...rateChosen({ name: group, periodMs: 60_000, setting: perGroupPerMinute, waits: true }))
  return limits
}
