import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import type { Limit } from '../limits/limit.ts'
import { rateChosen, rateUnder } from '../limits/rate-limits.ts'
import { channelOf, type SlackMessage } from './calls-of-message.ts'

/**
 * "chat.postMessage generally allows posting one message per second per channel, while also maintaining a
 * workspace-wide limit" and tolerates bursts; that limit of several hundred a minute is not published
 * (https://docs.slack.dev/apis/web-api/rate-limits).
 */
const ofChannel = 1
const repliesAtOnce = 3
const ofWorkspace = 5

/** chat.update is of tier 3: "50+ per minute", for each workspace. */
const editsAMinute = 50

/** What a 429 pauses: a method, for one workspace. */
export function methodLimit(method: 'chat.postMessage' | 'chat.update', tenant: string | undefined): string {
  return `method:${method}:${tenant ?? ''}`
}

/**
 * What a send must stay under: the channel's rate, with a small burst for replies, and a broadcast the
 * workspace's.
 */
export function limitsOfSlack(
  message: SlackMessage & Pick<OutboundMessage, 'tenant'>,
  _credentials: unknown,
  { perSecond, perChatPerSecond, perGroupPerMinute }: LimitSettings,
  bulk: boolean,
): Limit[] {
  const { action, conversation, tenant } = message
  if (action === 'typing') return []
  const ofBot = rateChosen({ name: 'bot', periodMs: 1000, setting: perSecond, waits: true })
  if (action === 'edit') {
    const name = methodLimit('chat.update', tenant)
    if (perSecond !== undefined) return [...ofBot, { kind: 'pause', name }]
    return [rateUnder(name, { max: editsAMinute, periodMs: 60_000 }, bulk)]
  }
  const channel = channelOf(message) ?? conversation
  const chat = `chat:${channel}`
  const [ownChat] = rateChosen({
    name: chat,
    periodMs: 1000,
    setting: perChatPerSecond,
    own: ofChannel,
    waits: true,
  })
  const burst =
    ownChat?.kind === 'rate' && perChatPerSecond === undefined && !bulk ? { burst: repliesAtOnce } : {}
  const workspace = `workspace:${tenant ?? ''}`
  const isGroup = /^[CG]/.test(channel)
  return [
    ...(perSecond === undefined
      ? rateChosen({ name: workspace, periodMs: 1000, setting: undefined, own: ofWorkspace, waits: bulk })
      : ofBot),
    ...(ownChat ? [{ ...ownChat, ...burst }] : []),
    ...(isGroup
      ? rateChosen({ name: `group:${channel}`, periodMs: 60_000, setting: perGroupPerMinute, waits: true })
      : []),
    { kind: 'pause', name: methodLimit('chat.postMessage', tenant) },
  ]
}
