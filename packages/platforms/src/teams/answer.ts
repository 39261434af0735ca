import type { CallAnswer, NormalisedUpdate } from '../adapter.ts'

/**
 * An `invoke` wants its result in the answer, whatever the bot's settings; Teams shows an error for anything
 * but a 200.
 */
export function answerTeams(updates: readonly NormalisedUpdate[]): CallAnswer {
  const invoked = updates.some(({ route }) => route?.invoke !== undefined)
  return invoked
    ? { wait: true, fallback: { status: 200, body: '{"status":200}' } }
    : { now: { status: 200, body: '{}' } }
}
