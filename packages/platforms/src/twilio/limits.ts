import type { OutboundMessage } from '@botyard/queue-contracts'
import type { LimitSettings } from '../adapter.ts'
import type { Limit } from '../limits/limit.ts'
import { rateChosen } from '../limits/rate-limits.ts'
import type { TwilioCredentials } from './credentials.ts'
import { smsSegments } from './segments.ts'
import { partiesOf } from './send.ts'

/** WhatsApp senders take 80 messages a second unless Meta raised theirs. */
const whatsappPerSecond = 80

/**
 * A US long code sends one segment a second; toll-free numbers, short codes and pools send more, and then
 * `perSecond` says how many messages. Twilio queues what is too fast (for ten hours), so this keeps the queue
 * short and replies ahead.
 */
export function limitsTwilio(
  message: Pick<OutboundMessage, 'conversation' | 'route' | 'text' | 'native'>,
  credentials: Pick<TwilioCredentials, 'from' | 'messagingServiceSid'>,
  settings: LimitSettings,
  bulk: boolean,
): Limit[] {
  const { to = '', from = '' } = partiesOf(message, credentials)
  const body = message.text ?? message.native?.Body
  const own = to.startsWith('whatsapp:')
    ? whatsappPerSecond
    : 1 / smsSegments(typeof body === 'string' ? body : '')
  const { perSecond, perChatPerSecond } = settings
  return [
    ...rateChosen({ name: 'bot', periodMs: 1000, setting: perSecond, own, waits: bulk }),
    ...rateChosen({
      name: `chat:${message.conversation}`,
      periodMs: 1000,
      setting: perChatPerSecond,
      waits: true,
    }),
    { kind: 'pause', name: 'account' },
    { kind: 'pause', name: `from:${from}` },
  ]
}
