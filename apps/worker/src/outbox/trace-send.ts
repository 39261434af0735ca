import type { Mail } from '@botyard/mailbox'
import type { SendResult } from '@botyard/platforms'
import type { OutboundMessage } from '@botyard/queue-contracts'
import type { Tracing } from '@botyard/service-kit/tracing'

/** Does an attempt to send in a span that is linked to the webhook's and the run's, if those are kept. */
export function traceSend(
  tracing: Tracing | undefined,
  { bot, platform, trace }: OutboundMessage,
  { conversation, tries }: Mail,
  send: () => Promise<SendResult>,
): Promise<SendResult> {
  if (tracing === undefined || trace === undefined) return send()
  const facts = { bot, platform, conversation, attempt: tries + 1 }
  return tracing.root('send', { kind: 'client', facts, links: trace }, async span => {
    const result = await send()
    span.note({ outcome: result.status })
    return result
  })
}
