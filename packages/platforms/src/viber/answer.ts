import type { BotSettings } from '@botyard/queue-contracts'
import type { CallAnswer, NormalisedUpdate } from '../adapter.ts'

const accepted = { status: 200, body: '{}' }

/**
 * A `conversation_started` may be answered by one welcome message in the response (its body without
 * receiver), though the user has not subscribed. With `defer: none` the call waits for the handler's;
 * otherwise it is answered at once.
 */
export function answerViber(
  updates: readonly NormalisedUpdate[],
  { defer }: Pick<BotSettings, 'defer'>,
): CallAnswer {
  const isStart = updates.some(({ route }) => route?.event === 'conversation_started')
  return isStart && defer === 'none' ? { wait: true, fallback: accepted } : { now: accepted }
}
