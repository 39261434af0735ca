import type { Content } from '@botyard/platforms'
import type { InboundUpdate, OutboundMessage } from '@botyard/queue-contracts'

/** A message to where an update came from; `part` tells the messages that answer one update apart. */
export function addressed(update: InboundUpdate, content: Content, part: number | string): OutboundMessage {
  const { bot, platform, conversation, user, tenant, route, trace, receivedAtMs } = update
  // No spread of `update`: what is undefined must stay absent.
  const message: OutboundMessage = {
    id: `${update.id}.${part}`,
    bot,
    platform,
    conversation,
    ...content,
    receivedAtMs,
  }
  if (user !== undefined) message.user = user
  if (tenant !== undefined) message.tenant = tenant
  if (route !== undefined) message.route = route
  if (trace !== undefined) message.trace = trace
  return message
}
