import type { OutboundMessage, Platform } from '@botyard/queue-contracts'
import type { Content, NormalisedUpdate } from '../../src/index.ts'

/** The message that the worker makes of what a handler said to an update. */
export function replyTo(
  platform: string,
  {
    raw: _raw,
    kind: _kind,
    text: _text,
    sentAtMs: _sentAtMs,
    event: _event,
    fromBot: _fromBot,
    id,
    ...where
  }: NormalisedUpdate,
  content: Content,
): OutboundMessage {
  return {
    ...where,
    ...content,
    id: `${id}.0`,
    bot: 'bot',
    platform: platform as Platform,
    receivedAtMs: Date.now(),
  }
}
